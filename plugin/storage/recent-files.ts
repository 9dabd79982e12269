/** Files opened lately, where the browser gives handles to them (Chromium); elsewhere the list stays empty. */
import { SplatmendError } from '../../core/errors.ts';
import { openDatabase, type RecentRecord } from './database.ts';

const MOST = 8;

export interface RecentFiles {
  /** The newest first. */
  list(): Promise<RecentRecord[]>;
  add(handle: FileSystemFileHandle): Promise<void>;
  /**
   * The file again; asks the user where the browser wants that.
   * @throws SplatmendError `not-readable` when it is gone (it is then forgotten) or was refused
   */
  open(record: RecentRecord): Promise<File>;
}

/** What Chromium has and TypeScript's library does not know. */
interface PermissionHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

export function createRecentFiles(name?: string): RecentFiles {
  const database = openDatabase(name);
  database.catch(() => undefined);
  const all = async () =>
    (await (await database).getAll('recent')).sort((a, b) => b.openedAt - a.openedAt);
  return {
    list: all,
    async add(handle) {
      const db = await database;
      await db.put('recent', { name: handle.name, openedAt: Date.now(), handle });
      for (const old of (await all()).slice(MOST)) await db.delete('recent', old.name);
    },
    async open({ name: fileName, handle }) {
      const ask = handle as PermissionHandle;
      const options = { mode: 'read' } as const;
      try {
        if ((await ask.queryPermission?.(options)) === 'prompt')
          await ask.requestPermission?.(options);
        return await handle.getFile();
      } catch (error) {
        const gone = error instanceof DOMException && error.name === 'NotFoundError';
        if (gone) await (await database).delete('recent', fileName);
        throw new SplatmendError(
          'not-readable',
          gone
            ? `${fileName}: it is no longer where it was; open it from its new place`
            : `${fileName}: the browser was not allowed to read it; open it again and allow it`,
          { cause: error },
        );
      }
    },
  };
}
