import createModule, { type SpzModule } from '@adobe/spz';

let loading: Promise<SpzModule> | undefined;

/** The SPZ WASM module, loaded once, its log silenced (it writes to stdout, where the command line's --json goes). */
export function loadSpzModule(): Promise<SpzModule> {
  loading ??= createModule({ print: () => {}, printErr: () => {} });
  return loading;
}

/** After an abort a WASM module answers nothing any more: the next call gets a fresh one. */
export function dropSpzModule(): void {
  loading = undefined;
}
