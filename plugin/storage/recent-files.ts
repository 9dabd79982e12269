/** Files opened lately, where the browser gives handles to them (Chromium); elsewhere the list stays empty. */
import { openDatabase, type RecentRecord } from './database.ts';

const MOST = 8;

export interface RecentFiles {
  /** The newest first. */
  list(): Promise<RecentRecord[]>;
  add(handle: FileSystemFileHandle): Promise<void>;
  forget(name: string): Promise<void>;
  /** The file again; asks the user where the browser wants that. @throws DOMException when it is gone or refused */
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
    async forget(name) {
      await (await database).delete('recent', name);
    },
    async open({ handle }) {
      const ask = handle as PermissionHandle;
      const options = { mode: 'read' } as const;
      if ((await ask.queryPermission?.(options)) === 'prompt')
        await ask.requestPermission?.(options);
      return handle.getFile();
    },
  };
}
