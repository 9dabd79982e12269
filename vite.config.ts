import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

// One config, two products: the editor page (default) and, with `--mode cli`, the command line.
export default defineConfig(({ mode }) =>
  mode === 'cli'
    ? {
        build: {
          ssr: 'cli/main.ts',
          outDir: 'dist/cli',
          target: 'node20',
          rollupOptions: {
            external: [...builtinModules, /^node:/, /^[^./]/],
            output: { entryFileNames: 'splatmend.js', banner: '#!/usr/bin/env node' },
          },
        },
      }
    : {
        root: 'samples/editor',
        base: './',
        // splat-transform finds its WASM beside its own module, which pre-bundling would move.
        optimizeDeps: { exclude: ['@playcanvas/splat-transform', '@adobe/spz'] },
        worker: { format: 'es' },
        build: { outDir: '../../dist/editor', emptyOutDir: true, target: 'es2022' },
      },
);
