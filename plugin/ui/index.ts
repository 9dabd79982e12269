/** Splatmend's looks as custom elements: importing this defines them. See docs/editor.md. */
export { SplatmendActions } from './actions.ts';
export { SplatmendAlerts } from './alerts.ts';
export { type CommandName, canPerform, type EditorCommand, sendCommand } from './command.ts';
export type { ErrorDetail, OpenedDetail } from './commands.ts';
export { SplatmendDrop } from './drop.ts';
export { SplatmendEditor } from './editor.ts';
export { SplatmendHelp } from './help.ts';
export { SplatmendJob } from './job.ts';
export { SplatmendPanel } from './panel.ts';
export { SplatmendSelection } from './selection.ts';
export { SplatmendStatus } from './status.ts';
export { SplatmendToolOptions } from './tool-options.ts';
export { SplatmendToolOverlay } from './tool-overlay.ts';
export { SplatmendToolStrip } from './tool-strip.ts';
export { SplatmendToolbar } from './toolbar.ts';
