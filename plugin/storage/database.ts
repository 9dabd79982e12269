/** What Splatmend keeps in the browser: sessions in parts small enough to be written between two frames. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ShDegree } from '../../core/splat-cloud.ts';
import type { Step } from '../history-types.ts';

/** A column of the opened cloud, as its bytes are cut into parts. */
export interface SavedColumn {
  /** `positions` …, or `extra:` and the property's name. */
  name: string;
  type: string;
  bytes: number;
}

export interface SessionRecord {
  id: string;
  fileName: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  count: number;
  shDegree: ShDegree;
  columnOrder?: readonly string[];
  columns: SavedColumn[];
  /** The whole opened cloud is written; without it there is nothing to bring back. */
  complete: boolean;
  /** Steps written, and how many of them are done. */
  steps: number;
  done: number;
  /** How it was looked at; the page's own. */
  view?: unknown;
}

export interface RecentRecord {
  name: string;
  openedAt: number;
  handle: FileSystemFileHandle;
}

interface Schema extends DBSchema {
  sessions: { key: string; value: SessionRecord };
  parts: { key: [session: string, column: number, part: number]; value: ArrayBuffer };
  steps: { key: [session: string, index: number]; value: Step };
  recent: { key: string; value: RecentRecord };
}
export type Database = IDBPDatabase<Schema>;

export const DATABASE_NAME = 'splatmend';

export function openDatabase(name = DATABASE_NAME): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('sessions', { keyPath: 'id' });
      db.createObjectStore('parts');
      db.createObjectStore('steps');
      db.createObjectStore('recent', { keyPath: 'name' });
    },
    // Another tab wants to change the database: it must not wait for this one to be closed.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

/** All keys of one session in `parts` or `steps`. */
export const keysOf = (id: string) => IDBKeyRange.bound([id], [id, []]);
