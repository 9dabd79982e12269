/** Host checks: that edits, proposals and marks show, and leave no trace when they are taken back. */
import { applyPatch } from '../../core/patch.ts';
import { copySplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { HostCheck } from './conformance.ts';
import {
  cloudOf,
  differenceAt,
  dotsOn,
  EMPTY,
  fail,
  mustEqual,
  type Picture,
  pictureOf,
  spotNear,
  takePicture,
} from './conformance-stage.ts';

const only = (count: number, ...rows: number[]) =>
  Uint8Array.from({ length: count }, (_, i) => (rows.includes(i) ? 1 : 0));

/** Bytes of everything a host could have changed. */
const bytesOf = (cloud: SplatCloud) =>
  [cloud.positions, cloud.logScales, cloud.rotations, cloud.opacityLogits, cloud.dc, cloud.shRest]
    .map((a) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength).join())
    .join(';');

export const EDIT_CHECKS: readonly HostCheck[] = [
  {
    name: 'shows removed and added splats, and the same picture again',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const kept = copySplats(cloud);
      const before = await pictureOf(host, cloud);
      const removed = Uint32Array.of(1, 2);
      const added = cloudOf(host, [{ ...dots[2]!, at: [0.62, 0.66] }], depth);
      const after = applyPatch(cloud, { removed, added });
      await host.showCloud(after, { kind: 'redo', removed, added: 1 });
      const edited = await takePicture(host);
      for (const row of removed) {
        const [x, y] = [dots[row]!.at[0] * edited.width, dots[row]!.at[1] * edited.height];
        if (spotNear(edited, ground, x, y, 10)) fail(`removed splat ${row} still shows`);
      }
      if (!spotNear(edited, ground, 0.62 * edited.width, 0.66 * edited.height, 10)) {
        fail('the added splat does not show');
      }
      await host.showCloud(cloud, { kind: 'undo' });
      mustEqual(await takePicture(host), before, 'undo');
      await host.showCloud(after, { kind: 'redo', removed, added: 1 });
      mustEqual(await takePicture(host), edited, 'redo');
      if (bytesOf(cloud) !== bytesOf(kept))
        fail('showCloud: the host changed the arrays it was given');
      return undefined;
    },
  },
  {
    name: 'shows proposals, several of one scene, and both sides of each',
    async run(host, { depth }) {
      const { dots, cloud } = await dotsOn(host, depth);
      const before = await pictureOf(host, cloud);
      const candidates = [
        { removed: Uint32Array.of(0), at: [0.62, 0.66] as const },
        { removed: Uint32Array.of(0, 4), at: [0.36, 0.7] as const },
      ].map(({ removed, at }) => {
        const added = cloudOf(host, [{ ...dots[0]!, at }], depth);
        return { removed, after: applyPatch(cloud, { removed, added }) };
      });
      const alone: Picture[] = [];
      for (const { after } of candidates) alone.push(await pictureOf(host, after));
      await host.showCloud(cloud, { kind: 'open' });
      for (const [i, { removed, after }] of candidates.entries()) {
        await host.showCloud(after, { kind: 'proposal', removed, added: 1 });
        mustEqual(await takePicture(host), alone[i]!, `proposal ${i + 1}`);
        host.showMarks({ selected: only(after.count, after.count - 1) });
        const marked = await takePicture(host);
        const [x, y] = [i === 0 ? 0.62 : 0.36, i === 0 ? 0.66 : 0.7];
        if (differenceAt(marked, alone[i]!, x * marked.width, y * marked.height) < 24) {
          fail(`proposal ${i + 1}: marking the added splat must tint it, and no other`);
        }
        await host.showCloud(cloud, { kind: 'compare' });
        mustEqual(await takePicture(host), before, `the side before proposal ${i + 1}`);
        await host.showCloud(after, { kind: 'compare' });
        mustEqual(await takePicture(host), alone[i]!, `proposal ${i + 1} after comparing`);
      }
      await host.showCloud(cloud, { kind: 'discard' });
      mustEqual(await takePicture(host), before, 'discard');
      return undefined;
    },
  },
  {
    name: 'shows the last of clouds that follow at once',
    async run(host, { depth }) {
      const { cloud } = await dotsOn(host, depth);
      const last = takeSplats(cloud, [1, 3]);
      const wanted = await pictureOf(host, last);
      void host.showCloud(cloud, { kind: 'open' });
      void host.showCloud(EMPTY, { kind: 'open' });
      await host.showCloud(last, { kind: 'open' });
      mustEqual(await takePicture(host), wanted, 'three clouds one after another');
      return undefined;
    },
  },
  {
    name: 'tints selected, hides hidden and shows locked splats',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const plain = await pictureOf(host, cloud);
      const middle = (p: Picture, i: number): [number, number] => [
        dots[i]!.at[0] * p.width,
        dots[i]!.at[1] * p.height,
      ];
      const selected = only(cloud.count, 2);
      host.showMarks({ selected });
      selected.fill(1);
      const tinted = await takePicture(host);
      if (differenceAt(tinted, plain, ...middle(plain, 2)) < 24)
        fail('a selected splat is not tinted');
      if (differenceAt(tinted, plain, ...middle(plain, 1)) > 6) {
        fail('a splat that is not selected changed; copy the marks, they may change afterwards');
      }
      host.showMarks({ hidden: only(cloud.count, 1), locked: only(cloud.count, 0) });
      const marked = await takePicture(host);
      if (spotNear(marked, ground, ...middle(plain, 1), 12)) fail('a hidden splat still shows');
      if (!spotNear(marked, ground, ...middle(plain, 0), 12)) fail('a locked splat is gone');
      if (differenceAt(marked, plain, ...middle(plain, 0)) < 24)
        fail('a locked splat looks as any other');
      if (differenceAt(marked, plain, ...middle(plain, 2)) > 6) {
        fail('marks that are absent must be taken away: a splat is still tinted');
      }
      host.showMarks({});
      mustEqual(await takePicture(host), plain, 'no marks any more');
      host.showMarks({ hidden: new Uint8Array(cloud.count).fill(1) });
      mustEqual(await takePicture(host), ground, 'everything hidden');
      await host.showCloud(cloud, { kind: 'open' });
      mustEqual(await takePicture(host), plain, 'showCloud without marks');
      return undefined;
    },
  },
  {
    name: 'marks a cloud while it is on its way',
    async run(host, { depth }) {
      const { cloud } = await dotsOn(host, depth);
      await host.showCloud(cloud, { kind: 'open' });
      host.showMarks({ selected: only(cloud.count, 2) });
      const tinted = await takePicture(host);
      const showing = host.showCloud(cloud, { kind: 'open' });
      host.showMarks({ selected: only(cloud.count, 2) });
      await showing;
      mustEqual(await takePicture(host), tinted, 'marks asked for before showCloud ended');
      return undefined;
    },
  },
  {
    name: 'shows good splats beside broken ones, and nothing of an empty cloud',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const broken = takeSplats(cloud, [0, 1, 2, 3, 4]);
      broken.positions[3] = Number.NaN;
      broken.logScales[4 * 3] = 200;
      broken.opacityLogits[3] = Number.NEGATIVE_INFINITY;
      const picture = await pictureOf(host, broken);
      for (const i of [0, 2]) {
        const [x, y] = [dots[i]!.at[0] * picture.width, dots[i]!.at[1] * picture.height];
        if (!spotNear(picture, ground, x, y, 10)) {
          fail(`splat ${i} does not show beside broken ones (not finite, enormous, transparent)`);
        }
      }
      mustEqual(await pictureOf(host, EMPTY), ground, 'an empty cloud');
      return undefined;
    },
  },
];
