import { SplatmendError } from '../../core/errors.ts';
import { breathe } from '../../core/progress.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { Journal, Step } from '../history-types.ts';
import { assembleCloud, columnsOf, partCount, partOf } from './cloud-parts.ts';
import { type Database, keysOf, openDatabase, type SessionRecord } from './database.ts';

/** A session that can be brought back. */
export interface SavedSession {
  id: string;
  fileName: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  splats: number;
  /** Steps of which `done` are done: the others can be redone. */
  steps: number;
  done: number;
}

export interface LoadedSession {
  base: SplatCloud;
  steps: Step[];
  done: number;
  fileName: string;
  /** What `keepView` was last given; of unknown shape, since another version of the page may have written it. */
  view: unknown;
  goOn(): void;
}

export interface SessionStore {
  /** Hears a mender's steps and writes them down. */
  readonly journal: Journal;
  /** Saved sessions that no other tab has open, the newest first. */
  list(): Promise<SavedSession[]>;
  /**
   * A session's scene as it was opened, and its steps, for `Mender.restore`. Once that has succeeded, say
   * `goOn`: the journal then writes on where this session ended.
   * @throws SplatmendError `bad-file` when it is damaged or gone
   */
  load(id: string): Promise<LoadedSession>;
  discard(id: string): Promise<void>;
  /**
   * Keeps beside the session how it is looked at: any value that can be cloned. Where the session is not written
   * yet, with its first step. That it could not be kept ends nothing.
   */
  keepView(view: unknown): void;
  /** Resolves when all that was heard is written (or could not be: see `problem`). */
  flush(): Promise<void>;
  /** Why nothing is saved any more; undefined while all is well. */
  readonly problem: SplatmendError | undefined;
  close(): void;
}

export interface SessionStoreOptions {
  /** Of the database; tests take their own. */
  name?: string;
  /** Saving failed: said once a session. */
  onProblem?: (problem: SplatmendError) => void;
  /** Sessions that are kept besides the open ones. */
  keep?: number;
}
export const SESSION_STORE_DEFAULTS = { keep: 2 };

const lockOf = (id: string) => `splatmend-session-${id}`;

/** Holds a Web Lock for as long as the tab lives; without Web Locks nothing is held. @returns lets it go */
function holdLock(name: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  globalThis.navigator?.locks?.request(name, () => held).catch(() => undefined);
  return () => release();
}

async function heldLocks(): Promise<Set<string>> {
  const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
  return new Set(held.map((lock) => lock.name ?? ''));
}

function problemOf(error: unknown): SplatmendError {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return new SplatmendError(
    full ? 'out-of-memory' : 'not-writable',
    full
      ? "autosave: the browser's storage for this site is full; export your work, then free space"
      : `autosave: nothing is saved (${error instanceof Error ? error.message : String(error)}); export your work`,
    { cause: error },
  );
}

/**
 * Keeps the session in IndexedDB as a journal: the scene as it was opened, once, from the first step on,
 * and then each step as it is done. A crash loses at most the step that was being written.
 */
export function createSessionStore(options: SessionStoreOptions = {}): SessionStore {
  const keep = options.keep ?? SESSION_STORE_DEFAULTS.keep;
  const database = openDatabase(options.name);
  // Asked for when it is used; here only so that a refusal is not reported as unhandled.
  database.catch(() => undefined);
  let session: SessionRecord | undefined;
  /** Opened, and not written yet: most scenes are only looked at. */
  let base: SplatCloud | undefined;
  let release = () => {};
  let problem: SplatmendError | undefined;
  let tail: Promise<void> = Promise.resolve();
  let closed = false;

  /** Writes one after another; the first failure of a session ends its saving. */
  function queue(work: (db: Database) => Promise<void>): void {
    const of = session;
    tail = tail.then(async () => {
      if (problem || closed || session !== of) return;
      try {
        await work(await database);
      } catch (error) {
        if (closed || session !== of) return;
        problem = problemOf(error);
        options.onProblem?.(problem);
      }
    });
  }

  async function writeBase(db: Database, record: SessionRecord, cloud: SplatCloud): Promise<void> {
    await dropOld(db, record.id);
    await db.put('sessions', { ...record, steps: 0, done: 0 });
    for (const [index, { meta, data }] of columnsOf(cloud).entries()) {
      for (let part = 0; part < partCount(meta); part++) {
        if (session !== record) return;
        await db.put('parts', partOf(data, part), [record.id, index, part]);
        await breathe();
      }
    }
    record.complete = true;
    // The record counts steps that are still to be written.
    await db.put('sessions', { ...record, steps: 0, done: 0 });
  }

  async function erase(db: Database, id: string): Promise<void> {
    const tx = db.transaction(['sessions', 'parts', 'steps'], 'readwrite');
    await Promise.all([
      tx.objectStore('sessions').delete(id),
      tx.objectStore('parts').delete(keysOf(id)),
      tx.objectStore('steps').delete(keysOf(id)),
      tx.done,
    ]);
  }

  async function dropOld(db: Database, but: string): Promise<void> {
    const locks = await heldLocks();
    const others = (await db.getAll('sessions'))
      .filter((s) => s.id !== but && !locks.has(lockOf(s.id)))
      .sort((a, b) => b.savedAt - a.savedAt);
    const whole = others.filter((s) => s.complete);
    for (const old of others)
      if (!old.complete || whole.indexOf(old) >= keep) await erase(db, old.id);
  }

  const journal: Journal = {
    opened(cloud, fileName) {
      release();
      problem = undefined;
      base = cloud;
      session = {
        id: crypto.randomUUID(),
        fileName,
        savedAt: Date.now(),
        count: cloud.count,
        shDegree: cloud.shDegree,
        ...(cloud.columnOrder ? { columnOrder: [...cloud.columnOrder] } : {}),
        columns: columnsOf(cloud).map((c) => c.meta),
        complete: false,
        steps: 0,
        done: 0,
      };
      release = holdLock(lockOf(session.id));
    },
    recorded(step) {
      const record = session;
      if (!record) return;
      const cloud = base;
      base = undefined;
      if (cloud) queue((db) => writeBase(db, record, cloud));
      const index = record.done;
      const dropped = record.steps;
      record.done = index + 1;
      record.steps = record.done;
      queue(async (db) => {
        const tx = db.transaction(['sessions', 'steps'], 'readwrite');
        const steps = tx.objectStore('steps');
        // Steps that can no longer be redone.
        if (dropped > index)
          await steps.delete(IDBKeyRange.bound([record.id, index], [record.id, []]));
        await steps.put(step, [record.id, index]);
        const written = { ...record, steps: index + 1, done: index + 1, savedAt: Date.now() };
        await tx.objectStore('sessions').put(written);
        await tx.done;
      });
    },
    moved(done) {
      const record = session;
      if (!record || base) return;
      record.done = done;
      const { steps } = record;
      queue(async (db) => {
        await db.put('sessions', { ...record, steps, done, savedAt: Date.now() });
      });
    },
  };

  return {
    journal,
    get problem() {
      return problem;
    },
    async list() {
      const db = await database;
      const locks = await heldLocks();
      return (await db.getAll('sessions'))
        .filter(
          (s) => s.complete && s.steps > 0 && s.id !== session?.id && !locks.has(lockOf(s.id)),
        )
        .sort((a, b) => b.savedAt - a.savedAt)
        .map(({ id, fileName, savedAt, count, steps, done }) => ({
          id,
          fileName,
          savedAt,
          splats: count,
          steps,
          done,
        }));
    },
    async load(id) {
      const db = await database;
      const record = await db.get('sessions', id);
      if (!record?.complete) {
        throw new SplatmendError('bad-file', 'restore: there is no such session; it was discarded');
      }
      const cloud = await assembleCloud(record, (column, part) =>
        db.get('parts', [id, column, part]),
      );
      const steps = await db.getAll('steps', keysOf(id));
      if (steps.length !== record.steps || !(record.done <= steps.length)) {
        throw new SplatmendError(
          'bad-file',
          `restore: the saved session is damaged (${steps.length} of ${record.steps} steps); discard it`,
        );
      }
      const goOn = () => {
        release();
        problem = undefined;
        base = undefined;
        session = record;
        release = holdLock(lockOf(id));
      };
      const { done, fileName, view } = record;
      return { base: cloud, steps, done, fileName, view, goOn };
    },
    async discard(id) {
      await erase(await database, id);
    },
    keepView(view) {
      const record = session;
      if (!record) return;
      record.view = structuredClone(view);
      if (base) return;
      const { steps, done } = record;
      queue(async (db) => {
        const written = { ...record, steps, done, savedAt: Date.now() };
        // A comfort: if the storage is full, the next step says so.
        await db.put('sessions', written).catch(() => undefined);
      });
    },
    async flush() {
      await tail;
    },
    close() {
      closed = true;
      release();
      database.then(
        (db) => db.close(),
        () => undefined,
      );
    },
  };
}
