import type { ToolId } from './tool-types.ts';

export interface ToolInfo {
  id: ToolId;
  title: string;
  /** The key that takes it up. */
  key: string;
  /** One sentence for the user. */
  hint: string;
  /** Which options matter to it. */
  uses: readonly ('mode' | 'depth' | 'strength' | 'tolerance' | 'brushRadius' | 'volume')[];
  /** Only there when the page or the user gave it. */
  needs?: 'segmenter';
}

/** All tools, in the order they are shown. */
export const TOOLS: readonly ToolInfo[] = [
  {
    id: 'navigate',
    title: 'Navigate',
    key: 'n',
    hint: 'Drag to look around. With any tool: right drag, wheel, two fingers, or hold Space.',
    uses: [],
  },
  {
    id: 'object',
    title: 'Object',
    key: 'v',
    hint: 'Click an object. Shift-drag over what is missing, Ctrl-drag over what is too much.',
    uses: ['mode', 'strength', 'brushRadius'],
  },
  {
    id: 'segment',
    title: 'Segment',
    key: 'm',
    hint: 'Click an object for the model. Shift-click more of it, Ctrl-click what is not it.',
    uses: [],
    needs: 'segmenter',
  },
  {
    id: 'rectangle',
    title: 'Rectangle',
    key: 'r',
    hint: 'Drag a rectangle.',
    uses: ['mode', 'depth'],
  },
  { id: 'lasso', title: 'Lasso', key: 'l', hint: 'Draw around it.', uses: ['mode', 'depth'] },
  {
    id: 'polygon',
    title: 'Polygon',
    key: 'p',
    hint: 'Click the corners; Enter or a double click closes, Backspace takes one back.',
    uses: ['mode', 'depth'],
  },
  {
    id: 'brush',
    title: 'Brush',
    key: 'b',
    hint: 'Paint over it; [ and ] change the size.',
    uses: ['mode', 'depth', 'brushRadius'],
  },
  {
    id: 'flood',
    title: 'Flood',
    key: 'o',
    hint: 'Click a patch of one colour; drag sideways for more or less of it.',
    uses: ['mode', 'tolerance'],
  },
  {
    id: 'eyedropper',
    title: 'Eyedropper',
    key: 'e',
    hint: 'Click a colour to select it in the whole scene; drag sideways for more or less of it.',
    uses: ['mode', 'tolerance'],
  },
  {
    id: 'sphere',
    title: 'Sphere',
    key: 's',
    hint: 'Click to place it, pull its handles, then Enter.',
    uses: ['mode', 'volume'],
  },
  {
    id: 'box',
    title: 'Box',
    key: 'k',
    hint: 'Click to place it, pull its handles, then Enter.',
    uses: ['mode', 'volume'],
  },
];

const BY_ID = new Map(TOOLS.map((tool) => [tool.id, tool]));

export const toolInfo = (id: ToolId): ToolInfo => BY_ID.get(id)!;

/** The tool that a key (`KeyboardEvent.key`, no Ctrl or Alt held) takes up. */
export function toolForKey(key: string): ToolId | undefined {
  return TOOLS.find((tool) => tool.key === key.toLowerCase())?.id;
}
