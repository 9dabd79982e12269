import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { reportSizes } from './vite.plugin-sizes.ts';
import { plainWorkers } from './vite.plugin-workers.ts';

/** The command line, and the lines as functions. An SSR build: node_modules stay outside, shaders (`?raw`) come inside. */
const cli: UserConfig = {
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20',
    rolldownOptions: {
      input: { splatmend: 'cli/main.ts', node: 'cli/node.ts' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        banner: (chunk) => (chunk.name === 'splatmend' ? '#!/usr/bin/env node' : ''),
      },
    },
  },
  plugins: [
    {
      // npm marks a bin executable when it installs a package, not when the package is built.
      name: 'splatmend-bin',
      writeBundle: ({ dir }) => chmodSync(join(dir ?? 'dist/cli', 'splatmend.js'), 0o755),
    },
  ],
};

/** The package's entries (package.json `exports`). Engines stay outside: the host page has them. */
const plugin: UserConfig = {
  base: './',
  publicDir: false,
  worker: { format: 'es' },
  build: {
    outDir: 'dist/plugin',
    target: 'es2022',
    rolldownOptions: {
      input: {
        index: 'plugin/index.ts',
        babylon: 'plugin/hosts/babylon.ts',
        'gaussian-splats-3d': 'plugin/hosts/gaussian-splats-3d.ts',
        conformance: 'plugin/hosts/conformance.ts',
        models: 'plugin/models/index.ts',
        ui: 'plugin/ui/index.ts',
      },
      preserveEntrySignatures: 'strict',
      external: [/^@babylonjs\//, /^three(\/|$)/, '@mkkellogg/gaussian-splats-3d'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  plugins: [plainWorkers(2), reportSizes(300_000)],
};

/** The list of pages, and every folder of samples that has one. */
const samplePages = () =>
  ['.', ...readdirSync('samples')]
    .map((folder) => resolve('samples', folder, 'index.html'))
    .filter((page) => existsSync(page));

/** The pages: the editor, and one small page a host. */
const pages: UserConfig = {
  root: 'samples',
  base: './',
  // These find their WASM beside their own module, which pre-bundling would move.
  // What workers and lazy parts import is found late: naming it spares the first visit a reload.
  optimizeDeps: {
    entries: ['index.html', '*/index.html'],
    exclude: ['@playcanvas/splat-transform', '@adobe/spz', 'onnxruntime-web'],
    include: [
      'comlink',
      'culori/fn',
      'd3-scale-chromatic',
      'exifr/dist/mini.esm.mjs',
      'exrs',
      'fast-png',
      'fflate',
      'idb',
      'jpeg-js',
      'lit',
      'wgpu-matrix',
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/samples',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      input: samplePages(),
    },
  },
};

// One config, three products: the pages (default), and with `--mode` the package and the command line.
export default defineConfig(({ mode }) => ({ cli, plugin })[mode] ?? pages);
