// What only one provider has. Accepts: each as its documentation says (docs/providers.md); fills as in providers.test.ts.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServerSpec } from '../../core/server-spec.ts';
import { readWorkflow } from '../../workers/inpainters/servers/comfyui-workflow.ts';
import { createServerInpainter } from '../../workers/inpainters/servers/server-inpainter.ts';
import { startA1111 } from './support/fake-a1111.ts';
import { comfyuiWorkflow, startComfyui } from './support/fake-comfyui.ts';
import { startOpenai } from './support/fake-openai.ts';
import type { FakeServer } from './support/fake-server.ts';
import { closeAll, failureOf, image, isPainted, keep, mask, quick } from './support/painting.ts';

afterEach(closeAll);

describe('AUTOMATIC1111', () => {
  test('another’s job is not interrupted, and is not taken for progress', async () => {
    const fake = await startA1111();
    keep(fake.server);
    Object.assign(fake, { steps: 500, stepMs: 10, othersTask: 'task(somebody)' });
    const cancel = new AbortController();
    const told: number[] = [];
    const spec: ServerSpec = { kind: 'a1111', address: fake.server.address };
    const work = failureOf(
      createServerInpainter(spec, quick).inpaint(image, mask, {}, cancel.signal, (p) => {
        told.push(p.fraction);
      }),
    );
    const polls = () => fake.server.received.filter((r) => r.path.endsWith('progress')).length;
    await expect.poll(polls, { timeout: 10_000 }).toBeGreaterThan(3);
    cancel.abort();
    expect((await work).code).toBe('cancelled');
    expect(fake.interrupted).toBe(0);
    expect(Math.max(...told)).toBe(0);
  });

  test('a user and a password go as Basic', async () => {
    const fake = await startA1111();
    keep(fake.server);
    const spec: ServerSpec = { kind: 'a1111', address: fake.server.address, key: 'anna:horse' };
    isPainted(await createServerInpainter(spec, quick).inpaint(image, mask));
    expect(fake.server.received[0]!.headers.authorization).toBe(`Basic ${btoa('anna:horse')}`);
  });
});

describe('ComfyUI', () => {
  const start = async () => keep(await startComfyui());
  const specOf = (fake: { server: FakeServer }, workflow = comfyuiWorkflow(true)): ServerSpec => ({
    kind: 'comfyui',
    address: fake.server.address,
    workflow,
  });

  test('only the marked fields are changed, and the workflow’s own words stay where nothing was said', async () => {
    const fake = await start();
    const painter = createServerInpainter(specOf(fake), quick);
    await painter.inpaint(image, mask, { seed: 77, strength: 0.6 });
    const sent = fake.lastPrompt!;
    const own = JSON.parse(comfyuiWorkflow(true));
    expect(sent['4']!.inputs.text).toBe('the workflow’s own words');
    expect(sent['5']!.inputs).toEqual({ ...own['5'].inputs, seed: 77, denoise: 0.6 });
    expect(sent['1']).toEqual(own['1']);
    await painter.inpaint(image, mask, { prompt: 'a wall', negativePrompt: 'cup' });
    expect(fake.lastPrompt!['4']!.inputs.text).toBe('a wall');
    expect(fake.lastPrompt!['40']!.inputs.text).toBe('cup');
  });

  test('without a mask node the mask is the picture’s alpha; without a WebSocket it is polled', async () => {
    const fake = await start();
    const spec = { ...specOf(fake, comfyuiWorkflow(false)), key: 'a key keeps the socket shut' };
    const painter = createServerInpainter(spec, quick);
    expect(painter.capabilities.progress).toBe(false);
    isPainted(await painter.inpaint(image, mask));
    expect(fake.sockets).toBe(0);
    expect(fake.server.violations).toEqual([]);
  });

  test('a socket that cannot be opened costs no job', async () => {
    const fake = await start();
    const openSocket = () => {
      throw new Error('no sockets here');
    };
    const painter = createServerInpainter(specOf(fake), { ...quick, openSocket });
    isPainted(await painter.inpaint(image, mask));
  });

  test('a node that fails is named, with what it said', async () => {
    const fake = await start();
    fake.failsNext = true;
    const failure = await failureOf(
      createServerInpainter(specOf(fake), quick).inpaint(image, mask),
    );
    expect(failure.code).toBe('server-failed');
    expect(failure.message).toContain('failed in KSampler: “mat1 and mat2 shapes”');
  });

  test('a job that the server forgot is not waited for', async () => {
    const fake = await start();
    fake.forgets = true;
    const failure = await failureOf(
      createServerInpainter(specOf(fake), quick).inpaint(image, mask),
    );
    expect(failure.message).toContain('neither in its queue nor in its history');
  });

  test('a cancelled job that still waits is taken out of the queue, and the one that runs goes on', async () => {
    const fake = await start();
    Object.assign(fake, { steps: 40, stepMs: 20 });
    const first = createServerInpainter(specOf(fake), quick).inpaint(image, mask);
    const prompts = () => fake.server.received.filter((r) => r.path === '/prompt').length;
    await expect.poll(prompts, { timeout: 10_000 }).toBe(1);
    const cancel = new AbortController();
    const second = failureOf(
      createServerInpainter(specOf(fake), quick).inpaint(image, mask, {}, cancel.signal),
    );
    await expect.poll(prompts, { timeout: 10_000 }).toBe(2);
    const polls = () => fake.server.received.filter((r) => r.path === '/queue').length;
    await expect.poll(polls, { timeout: 10_000 }).toBeGreaterThan(4);
    cancel.abort();
    expect((await second).code).toBe('cancelled');
    expect(fake.interrupted).toEqual([]);
    isPainted(await first);
    expect(fake.finished.length).toBe(1);
  });

  test('the workflow of the docs has all its marks', () => {
    const path = new URL('../../docs/providers/comfyui-inpaint.json', import.meta.url);
    const workflow = readWorkflow(readFileSync(path, 'utf8'));
    expect(workflow.ownMask).toBe(true);
    expect(Object.values(workflow.reads)).toEqual([true, true, true, true]);
    expect(workflow.output).toBe('9');
  });

  const node = (title: string, inputs: object = { image: 'a.png' }, more: object = {}) => ({
    class_type: 'LoadImage',
    inputs,
    _meta: { title },
    ...more,
  });
  test.each<[string, unknown, RegExp]>([
    ['is no JSON', '{', /no JSON/],
    ['is saved for the editor', { nodes: [], links: [] }, /saved for the editor.*Export \(API\)/],
    ['is a list', [], /saved for the editor/],
    ['has no nodes', { a: 3 }, /“a” is no node/],
    ['has no image', { 1: node('splatmend:output') }, /no node is called “splatmend:image”/],
    ['has no output', { 1: node('splatmend:image') }, /no node is called “splatmend:output”/],
    [
      'has two images',
      { 1: node('splatmend:image'), 2: node('splatmend:image') },
      /two nodes are called “splatmend:image”/,
    ],
    [
      'marks what is not known',
      { 1: node('splatmend:colour') },
      /“splatmend:colour” marks nothing/,
    ],
    [
      'marks a field that is led to',
      {
        1: node('splatmend:image splatmend:output'),
        2: node('splatmend:prompt', { text: ['1', 0] }),
      },
      /“splatmend:prompt” has none of the inputs text/,
    ],
  ])('a workflow that %s is refused', (_, workflow, message) => {
    const text = typeof workflow === 'string' ? workflow : JSON.stringify(workflow);
    expect(() => readWorkflow(text)).toThrow(message);
  });
});

describe('OpenAI-compatible', () => {
  test('GPT Image models get their sizes, a prompt of ours, and no response_format', async () => {
    const fake = await startOpenai('sk-right');
    keep(fake.server);
    const spec: ServerSpec = {
      kind: 'openai',
      address: `${fake.server.address}/v1`,
      key: 'sk-right',
      model: 'gpt-image-1',
    };
    isPainted(await createServerInpainter(spec, quick).inpaint(image, mask));
    expect(fake.prompt).toContain('continue through it');
    expect(fake.server.violations).toEqual([]);
  });

  test('an answer that is an address is not followed', async () => {
    const fake = await startOpenai(undefined);
    keep(fake.server);
    fake.answersUrl = true;
    const spec: ServerSpec = { kind: 'openai', address: fake.server.address, model: 'dall-e-2' };
    const failure = await failureOf(createServerInpainter(spec, quick).inpaint(image, mask));
    expect(failure.code).toBe('bad-answer');
    expect(failure.message).toContain('set it to answer with b64_json');
  });
});
