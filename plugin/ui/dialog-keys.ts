/**
 * Keys in a dialog: the page under it must not hear them, and Enter does what the main button does, as in a form; on another
 * button it is that one's.
 */
export function onDialogKey(event: KeyboardEvent, root: ParentNode): void {
  event.stopPropagation();
  if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing) return;
  if (event.composedPath()[0] instanceof HTMLButtonElement) return;
  event.preventDefault();
  root.querySelector<HTMLElement>('button.primary')?.click();
}
