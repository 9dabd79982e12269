// Accepts: at any width of the editor every button of the toolbar lies within it, and so do its lists.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mender } from '../../plugin/mender-types.ts';
import '../../plugin/ui/toolbar.ts';
import { FakeMender } from '../support/remove-flow.ts';

let toolbar: HTMLElementTagNameMap['splatmend-toolbar'];
beforeEach(async () => {
  toolbar = document.createElement('splatmend-toolbar');
  const mender = new FakeMender() as unknown as Mender;
  const scenes = [{ label: 'Sample scene', open: () => {} }];
  Object.assign(toolbar, { mender, scenes, canTurn: true, fileName: 'a-long-name.ply' });
  document.body.append(toolbar);
  await toolbar.updateComplete;
});
afterEach(() => toolbar.remove());

/** What shows of a kind, in the toolbar and in its open menu. */
function shown(selector: string): HTMLElement[] {
  const menu = toolbar.shadowRoot!.querySelector('splatmend-open-menu')!;
  return [toolbar, menu]
    .flatMap((element) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)])
    .filter((element) => element.checkVisibility());
}

test.each([1440, 860, 780, 600, 390, 320])('%i pixels', async (width) => {
  toolbar.style.width = `${width}px`;
  const within = () => {
    const { left, right } = toolbar.getBoundingClientRect();
    for (const element of shown('button, .list')) {
      const box = element.getBoundingClientRect();
      expect(box.left).toBeGreaterThanOrEqual(left);
      expect(box.right).toBeLessThanOrEqual(right + 0.5);
    }
  };
  expect(shown('button').length).toBeGreaterThanOrEqual(10);
  within();
  for (const button of shown('[aria-haspopup]')) {
    button.click();
    await expect.poll(() => shown('.list').length).toBe(1);
    within();
    button.click();
    await expect.poll(() => shown('.list').length).toBe(0);
  }
});
