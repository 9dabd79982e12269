// Accepts: what comes back is what was there, bit for bit, NaN payloads among it; damage and a full store are
// named errors. Clouds of random bits, seeds below; databases of their own, deleted afterwards.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SplatmendError } from '../../core/errors.ts';
import { applyPatch } from '../../core/patch.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { Step } from '../../plugin/history-types.ts';
import { PART_BYTES } from '../../plugin/storage/cloud-parts.ts';
import { openDatabase } from '../../plugin/storage/database.ts';
import { createSessionStore, type SessionStore } from '../../plugin/storage/session-store.ts';
import { firstDifference, randomBitsCloud } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';

let name = '';
let open: SessionStore[] = [];
beforeEach(() => {
  name = `splatmend-test-${crypto.randomUUID()}`;
});
afterEach(async () => {
  for (const store of open) store.close();
  open = [];
  indexedDB.deleteDatabase(name);
});
function store(options = {}): SessionStore {
  const made = createSessionStore({ name, ...options });
  open.push(made);
  return made;
}
/** The tab is gone: what it wrote stays, what it held is free. */
async function crash(of: SessionStore): Promise<void> {
  await of.flush();
  of.close();
  // A lock comes free a moment later.
  const mine = async () =>
    (await navigator.locks.query()).held!.filter((l) => l.name!.startsWith('splatmend-session-'));
  await expect.poll(async () => (await mine()).length, { timeout: 10_000 }).toBe(0);
}
const select = (count: number, byte: number): Step => ({
  label: `select ${byte}`,
  before: { count },
  after: { count, selected: new Uint8Array(Math.ceil(count / 8)).fill(byte) },
});
test('scene and steps come back bit for bit, undone steps too; a dropped step does not', async () => {
  const base = randomBitsCloud(500, 3, 1);
  const first = store();
  first.journal.opened(base, 'room.ply');
  expect(await first.list()).toEqual([]);
  const patch = { removed: Uint32Array.of(3, 9, 499), added: randomBitsCloud(4, 3, 2) };
  const edit: Step = {
    label: 'Remove 3 splats',
    before: { count: 500 },
    after: { count: 501 },
    patch,
    removedSplats: takeSplats(base, patch.removed),
  };
  first.journal.recorded(select(500, 1));
  first.journal.moved(0);
  first.journal.recorded(edit);
  first.journal.recorded(select(501, 2));
  first.journal.recorded(select(501, 3));
  first.journal.moved(2);
  await crash(first);

  const second = store();
  const [saved] = await second.list();
  expect(saved).toMatchObject({ fileName: 'room.ply', splats: 500, steps: 3, done: 2 });
  const back = await second.load(saved!.id);
  back.goOn();
  expect(firstDifference(back.base, base)).toBeUndefined();
  expect(back.steps.map((s) => s.label)).toEqual(['Remove 3 splats', 'select 2', 'select 3']);
  expect(back.steps[2]!.after.selected).toEqual(select(501, 3).after.selected);
  const again = applyPatch(back.base, back.steps[0]!.patch!);
  expect(firstDifference(again, applyPatch(base, patch))).toBeUndefined();
  expect(firstDifference(back.steps[0]!.removedSplats!, edit.removedSplats!)).toBeUndefined();

  // It goes on where it was: the step that could be redone is dropped.
  second.journal.recorded(select(501, 7));
  await crash(second);
  const third = store();
  const [later] = await third.list();
  expect(later).toMatchObject({ id: saved!.id, steps: 3, done: 3 });
  expect((await third.load(later!.id)).steps[2]!.label).toBe('select 7');
});

test('how it was looked at is kept with it, and what cannot be kept is refused', async () => {
  const first = store();
  first.keepView({ nothing: 'is open' });
  first.journal.opened(randomBitsCloud(10, 0, 1), 'a.ply');
  const view = { eye: [1, 2, 3] };
  first.keepView(view);
  await first.flush();
  expect(await first.list()).toEqual([]);
  first.journal.recorded(select(10, 1));
  first.journal.recorded(select(10, 2));
  first.journal.moved(1);
  expect(() => first.keepView(() => 'no')).toThrow();
  view.eye[0] = 9;
  await crash(first);
  const second = store();
  const [saved] = await second.list();
  const back = await second.load(saved!.id);
  expect(back).toMatchObject({ done: 1, view: { eye: [1, 2, 3] } });
  expect(back.steps).toHaveLength(2);

  back.goOn();
  second.keepView('from above');
  await crash(second);
  const third = store();
  expect(await third.load(saved!.id)).toMatchObject({ done: 1, view: 'from above' });
});

test('a scene that was only looked at is not written; another tab’s open session is not offered', async () => {
  const first = store();
  first.journal.opened(randomBitsCloud(10, 0, 1), 'a.ply');
  await first.flush();
  const db = await openDatabase(name);
  expect(await db.count('sessions')).toBe(0);
  db.close();
  first.journal.recorded(select(10, 1));
  await first.flush();
  const second = store();
  expect(await second.list()).toEqual([]);
  await crash(first);
  expect(await second.list()).toHaveLength(1);
});

test('a cloud of several parts; old sessions are dropped, the newest kept', async () => {
  const count = Math.ceil((PART_BYTES * 2.5) / 12);
  const cloud = createSplatCloud(count, 0);
  cloud.positions.forEach((_, i, p) => {
    p[i] = i;
  });
  for (const fileName of ['1.ply', '2.ply', '3.ply']) {
    const one = store({ keep: 1 });
    one.journal.opened(fileName === '3.ply' ? cloud : randomBitsCloud(5, 0, 1), fileName);
    one.journal.recorded(select(fileName === '3.ply' ? count : 5, 1));
    await crash(one);
  }
  const last = store();
  const saved = await last.list();
  expect(saved.map((s) => s.fileName)).toEqual(['3.ply', '2.ply']);
  const back = await last.load(saved[0]!.id);
  back.goOn();
  expect(firstDifference(back.base, cloud)).toBeUndefined();
  await last.discard(saved[1]!.id);
  expect(await last.list()).toEqual([]);
});

test.each([
  ['a part is missing', 'parts'],
  ['a step is missing', 'steps'],
  ['the header lies', 'sessions'],
] as const)('damage: %s', async (_name, where) => {
  const first = store();
  first.journal.opened(randomBitsCloud(50, 1, 3), 'x.ply');
  first.journal.recorded(select(50, 1));
  await crash(first);
  const db = await openDatabase(name);
  if (where === 'sessions') {
    const [record] = await db.getAll('sessions');
    await db.put('sessions', { ...record!, count: 2 ** 40 });
  } else await db.delete(where, (await db.getAllKeys(where))[0] as never);
  db.close();
  const second = store();
  const [saved] = await second.list();
  expect(await codeOf(second.load(saved!.id))).toBe('bad-file');
  await second.discard(saved!.id);
  expect(await second.list()).toEqual([]);
});

test('what cannot be stored ends the saving with one report, and the next scene is saved again', async () => {
  const problems: string[] = [];
  const first = store({ onProblem: (p: SplatmendError) => problems.push(p.code) });
  first.journal.opened(randomBitsCloud(10, 0, 1), 'a.ply');
  const unclonable = { ...select(10, 1), label: (() => 'no') as unknown as string };
  first.journal.recorded(unclonable);
  first.journal.recorded(select(10, 2));
  await first.flush();
  expect(problems).toEqual(['not-writable']);
  expect(first.problem?.message).toMatch(/export your work/);
  first.journal.opened(randomBitsCloud(10, 0, 2), 'b.ply');
  first.journal.recorded(select(10, 1));
  await crash(first);
  const second = store();
  expect((await second.list()).map((s) => s.fileName)).toEqual(['b.ply']);
});
