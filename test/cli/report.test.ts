// Accepts: a report made of a hand-made removal on the generated table (seed 5, CPU kernels) has the pictures it promises, needs
// nothing from outside, and shows untrusted names as text. Pixel checks count saturated red and green,
// which nothing else in the scene has: the shares are far from the thresholds or exactly 0.
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeReport, REPORT_PAGE, type ReportRequest } from '../../cli/report/index.ts';
import { escapeHtml, html } from '../../cli/report/markup.ts';
import { formatValue } from '../../cli/report/page.ts';
import {
  chooseReportCameras,
  closeUp,
  holePlace,
  orbit,
  spread,
} from '../../cli/report/report-cameras.ts';
import { type Camera, cameraCenter, lookAt, projectPoint } from '../../core/camera.ts';
import { colourAt, DEPTH_MAP, robustRange } from '../../core/colour-map.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { createMask, createRgbImage, createScalarImage } from '../../core/image.ts';
import { growRect, mappedPicture } from '../../core/pictures.ts';
import type { FilledView } from '../../core/remove-types.ts';
import { selectedRows, selectInVolume } from '../../core/selection.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { BALL, tinyCamera, tinyScene } from './support/tiny-scene.ts';

const NASTY = `<script>alert(1)</script>"><img src=x onerror='alert(2)'>&\u0007.ply`;
const scene = tinyScene();
const removed = selectedRows(
  selectInVolume(scene, {
    shape: 'box',
    center: [0, -0.1, 0],
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    halfExtents: [0.11, 0.098, 0.11],
  }),
);
const place = holePlace(scene, removed);

/** Green splats where the table is open. */
function patchUnderBall() {
  const added = createSplatCloud(49);
  for (let i = 0; i < 49; i++) {
    added.positions.set([((i % 7) - 3) * 0.02, 0, (Math.floor(i / 7) - 3) * 0.02], i * 3);
    added.logScales.set([Math.log(0.016), Math.log(0.002), Math.log(0.016)], i * 3);
    added.rotations[i * 4] = 1;
    added.opacityLogits[i] = 6;
    added.dc.set([-1.7, 1.2, -1.7], i * 3);
  }
  return added;
}

function filledView(): FilledView {
  const { width, height } = tinyCamera();
  const mask = createMask(width, height);
  const footprint = createMask(width, height);
  const depthBefore = createScalarImage(width, height);
  const depthCompleted = createScalarImage(width, height);
  const confidence = createScalarImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const inside = Math.abs(x - 80) < 20 && Math.abs(y - 60) < 15;
      mask.data[i] = inside ? 1 : 0;
      footprint.data[i] = Math.abs(x - 80) < 24 && Math.abs(y - 60) < 30 ? 1 : 0;
      depthCompleted.data[i] = 1 + x / width;
      depthBefore.data[i] = inside ? 0 : 1 + x / width;
      confidence.data[i] = inside ? 0.5 : 1;
    }
  }
  return {
    camera: tinyCamera(),
    rgbBefore: createRgbImage(width, height),
    rgbInpainted: createRgbImage(width, height),
    depthBefore,
    depthCompleted,
    confidence,
    footprint,
    mask,
    added: 49,
  };
}

function request(cameras: Camera[]): ReportRequest {
  return {
    scene,
    cameras,
    kernels: createCpuKernels(),
    result: {
      patch: { removed, added: patchUnderBall() },
      figures: {
        selected: removed.length,
        added: 49,
        coverage: 0.987,
        unseen: 0,
        seamDepth: 0.0031,
        seamDepth90: 0.0031,
        seamPx: 0,
        perView: [],
        seamColour: Number.NaN,
        seamDeltaE: Number.NaN,
        views: 1,
        seconds: { 'find hole': 0.5, inpaint: 1.25, [NASTY]: 0 },
        notes: [`note ${NASTY}`],
      },
      filledViews: [filledView()],
      backend: 'cpu',
    },
    facts: {
      inputPath: NASTY,
      outputPath: `out ${NASTY}`,
      splatsBefore: scene.count,
      splatsAfter: scene.count - removed.length + 49,
      shDegree: 0,
      backendDescription: NASTY,
      backendReason: NASTY,
      filledBy: NASTY,
      seed: 7,
      cameraSource: '1 camera from --camera',
      versions: { splatmend: '0.0.0', [NASTY]: NASTY },
      date: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
    },
  };
}

/** Share of a picture's pixels where one channel (0 red, 1 green) stands out by more than a quarter of full scale. */
function shareOf(channel: 0 | 1, png: Uint8Array): number {
  const { data, width, height } = decode(png);
  let n = 0;
  for (let i = 0; i < width * height; i++) {
    const others = [0, 1, 2].filter((c) => c !== channel).map((c) => data[i * 3 + c]!);
    if (data[i * 3 + channel]! - Math.max(...others) > 64) n++;
  }
  return n / (width * height);
}

describe('the report', () => {
  let files: Map<string, Uint8Array>;
  let page: string;
  const fractions: number[] = [];
  beforeAll(async () => {
    files = await makeReport(request([{ ...tinyCamera(), id: NASTY }]), (f) => fractions.push(f));
    page = new TextDecoder().decode(files.get(REPORT_PAGE));
  });

  it('has three cameras of three states, whole and close, and every fill picture, as decodable PNGs', () => {
    const states = ['before', 'deleted', 'mended'];
    const expected = [1, 2, 3].flatMap((view) =>
      states.flatMap((s) => [`view-${view}-${s}.png`, `view-${view}-${s}-close.png`]),
    );
    for (const kind of [
      'before',
      'mask',
      'inpainted',
      'depth-before',
      'depth-completed',
      'confidence',
    ]) {
      expected.push(`fill-1-${kind}.png`);
    }
    expect([...files.keys()].filter((name) => name.endsWith('.png')).sort()).toEqual(
      expected.sort(),
    );
    for (const name of expected) expect(decode(files.get(name)!).width, name).toBeGreaterThan(10);
    expect([...files.keys()].at(-1)).toBe(REPORT_PAGE);
    expect(fractions.at(-1)).toBe(1);
  });
  it('shows the red ball before, neither it nor the fill when only deleted, the green fill when mended', () => {
    for (const view of [1, 2, 3]) {
      const share = (channel: 0 | 1, state: string) =>
        shareOf(channel, files.get(`view-${view}-${state}-close.png`)!);
      // The ball is about as high as 60 % of a close-up; its patch of table is seen at a slant.
      expect(share(0, 'before'), `view ${view}`).toBeGreaterThan(0.1);
      expect(share(0, 'deleted'), `view ${view}`).toBe(0);
      expect(share(0, 'mended'), `view ${view}`).toBe(0);
      expect(share(1, 'deleted'), `view ${view}`).toBe(0);
      expect(share(1, 'mended'), `view ${view}`).toBeGreaterThan(0.03);
    }
  });
  it('is one page that asks for nothing: no script, no address, no handler, data pictures only', () => {
    // Pictures' own characters say nothing, and a failure should not print them.
    const text = page.replace(/base64,[^"]*/g, 'base64,');
    expect(text).not.toMatch(/<script/i);
    expect(text).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<link|<iframe|<object/i);
    for (const tag of text.match(/<[a-z](?:"[^"]*"|[^>"])*>/gi)!) {
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son[a-z]+\s*=/i);
    }
    const sources = [...page.matchAll(/src="([^"]{0,40})/g)].map((m) => m[1]!);
    expect(sources).toHaveLength(18 + 6);
    for (const s of sources) expect(s).toMatch(/^data:image\/png;base64,iVBOR/);
    expect(page.includes("default-src 'none'")).toBe(true);
  });
  it('shows untrusted names as text', () => {
    expect(page.includes(escapeHtml(NASTY))).toBe(true);
    expect(page.includes(NASTY)).toBe(false);
    expect(page.includes('<img src=x')).toBe(false);
  });
  it('has the figures', () => {
    for (const text of ['98.7 %', '0.31 %', '–', '2026-01-02 03:04:05', 'find hole', '1.25']) {
      expect(page.includes(text), text).toBe(true);
    }
    expect(page.includes(`<dd class="">${removed.length}<small>of`)).toBe(true);
  });
  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const running = makeReport(request([]), () => controller.abort(), controller.signal);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('report cameras', () => {
  const seenAll = async () => 1;
  it('finds the hole', () => {
    for (const k of [0, 1, 2]) expect(place.center[k]).toBeCloseTo(BALL.center[k]!, 1);
    expect(place.radius).toBeGreaterThan(0.08);
    expect(place.radius).toBeLessThan(0.11);
  });
  it('orbits to the right by a positive angle, at the same distance, looking at the hole', () => {
    const camera = {
      ...tinyCamera(),
      worldToCamera: lookAt([0, -0.5, -0.9], place.center, [0, -1, 0]),
    };
    const before = projectPoint(camera, place.center);
    const turned = orbit(camera, place, 30);
    const after = projectPoint(turned, place.center);
    expect(after.u).toBeCloseTo(camera.cx, 6);
    expect(after.v).toBeCloseTo(camera.cy, 6);
    expect(after.depth).toBeCloseTo(before.depth, 6);
    // Looking along +z with y down, right is +x.
    expect(cameraCenter(turned)[0]).toBeGreaterThan(0.3);
  });
  it('is three views without any camera, and with one; given ones stay as they are', async () => {
    const none = await chooseReportCameras(scene, place, [], [], seenAll);
    expect(none).toHaveLength(3);
    for (const { camera } of none) {
      const { u, v, depth } = projectPoint(camera, place.center);
      expect([u, v]).toEqual([expect.closeTo(camera.cx, 3), expect.closeTo(camera.cy, 3)]);
      expect(depth).toBeGreaterThan(place.radius);
    }
    const one = await chooseReportCameras(scene, place, [tinyCamera()], [], seenAll);
    expect(one.map((c) => c.caption)).toEqual([
      'front',
      'front, 40° to the right',
      'front, 40° to the left',
    ]);
    expect(one[0]!.camera).toEqual(tinyCamera());
    const filled = await chooseReportCameras(scene, place, [], [tinyCamera()], seenAll);
    for (const k of [0, 1, 2]) {
      expect(cameraCenter(filled[0]!.camera)[k]).toBeCloseTo(cameraCenter(tinyCamera())[k]!, 9);
    }
  });
  it('turns less far where the hole is hidden from the side', async () => {
    // A wall that hides everything more than 25° aside.
    const seen = async (camera: Camera) => {
      const [x, , z] = cameraCenter(camera);
      return Math.abs(Math.atan2(x, -z)) > (25 * Math.PI) / 180 ? 0 : 1;
    };
    const chosen = await chooseReportCameras(scene, place, [tinyCamera()], [], seen);
    expect(chosen[1]!.caption).toBe('front, 20° to the right');
  });
  it('takes four of many, spread, and none that does not face the hole', () => {
    const around = Array.from({ length: 12 }, (_, i) => orbit(tinyCamera(), place, i * 5 - 27.5));
    const away = {
      ...tinyCamera(),
      worldToCamera: lookAt([0, -0.6, -0.9], [0, -0.6, -2], [0, -1, 0]),
    };
    const chosen = spread([away, ...around], place);
    expect(chosen).toHaveLength(4);
    expect(chosen).toContain(around[0]);
    expect(chosen).toContain(around[11]);
    expect(chosen).not.toContain(away);
  });
  it('zooms onto the hole along the same rays', () => {
    const camera = tinyCamera();
    const near = closeUp(camera, place);
    expect(near.worldToCamera).toBe(camera.worldToCamera);
    const { u, v } = projectPoint(near, place.center);
    expect([u, v]).toEqual([expect.closeTo(near.width / 2, 6), expect.closeTo(near.height / 2, 6)]);
    expect(near.fx / camera.fx).toBeGreaterThan(1);
  });
});

describe('pictures', () => {
  it('maps near to bright and unknown to grey', () => {
    const sum = (t: number) => colourAt(DEPTH_MAP, t).reduce((a, b) => a + b, 0);
    expect(sum(0)).toBeGreaterThan(sum(0.5));
    expect(sum(0.5)).toBeGreaterThan(sum(1));
    const image = { width: 3, height: 1, data: Float32Array.of(0, 1, 2) };
    const picture = mappedPicture(image, DEPTH_MAP, { low: 1, high: 2 }, undefined, 0);
    expect([...picture.data]).toEqual([
      112,
      112,
      112,
      ...colourAt(DEPTH_MAP, 0),
      ...colourAt(DEPTH_MAP, 1),
    ]);
  });
  it('takes a range that stray pixels do not stretch', () => {
    const data = Float32Array.from({ length: 1000 }, (_, i) => 1 + i / 1000);
    data[0] = 1e6;
    data[1] = 0;
    data[2] = Number.NaN;
    const range = robustRange([{ width: 1000, height: 1, data }], {
      x0: 0,
      y0: 0,
      x1: 1000,
      y1: 1,
    });
    expect(range.low).toBeGreaterThan(1);
    expect(range.high).toBeLessThan(2);
    const empty = { width: 1, height: 1, data: new Float32Array(1) };
    expect(robustRange([empty], { x0: 0, y0: 0, x1: 1, y1: 1 })).toEqual({ low: 0, high: 1 });
  });
  it('grows a rectangle within the picture', () => {
    const image = createMask(100, 50);
    expect(growRect({ x0: 0, y0: 40, x1: 2, y1: 50 }, 20, 20, image)).toEqual({
      x0: 0,
      y0: 30,
      x1: 20,
      y1: 50,
    });
    expect(growRect({ x0: 0, y0: 0, x1: 100, y1: 50 }, 500, 500, image)).toEqual({
      x0: 0,
      y0: 0,
      x1: 100,
      y1: 50,
    });
  });
});

describe('text', () => {
  it('escapes by default', () => {
    expect(html`<a title="${'"<b>'}">${['&', html`<i>${1}</i>`]}${undefined}</a>`.text).toBe(
      '<a title="&quot;&lt;b&gt;">&amp;<i>1</i></a>',
    );
  });
  it('writes values with three digits', () => {
    expect([0.012345, 1234.5, 0, 3e-7, 12.345, Number.NaN].map(formatValue)).toEqual([
      '0.0123',
      '1235',
      '0',
      '3.00e-7',
      '12.3',
      '–',
    ]);
  });
});
