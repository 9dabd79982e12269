import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

// One config, two products: the editor page (default) and, with `--mode cli`, the command line.
export default defineConfig(({ mode }) =>
  mode === 'cli'
    ? {
        // An SSR build: node_modules stay outside, shaders (`?raw`) come inside.
        build: {
          ssr: 'cli/main.ts',
          outDir: 'dist/cli',
          target: 'node20',
          rolldownOptions: {
            output: {
              entryFileNames: 'splatmend.js',
              chunkFileNames: '[name].js',
              banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
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
      }
    : {
        root: 'samples/editor',
        base: './',
        // splat-transform finds its WASM beside its own module, which pre-bundling would move.
        // The worker's imports are found late: naming them spares the first visit a reload.
        optimizeDeps: {
          exclude: ['@playcanvas/splat-transform', '@adobe/spz'],
          include: ['comlink', 'fflate', 'wgpu-matrix'],
        },
        worker: { format: 'es' },
        build: { outDir: '../../dist/editor', emptyOutDir: true, target: 'es2022' },
      },
);
