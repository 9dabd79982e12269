/** Reads fields of a server's JSON, of which nothing is certain. */
import { badAnswer, type Peer } from './failures.ts';

export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** @throws bad-answer, naming what is missing */
export function need<T>(peer: Peer, value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw badAnswer(
    peer,
    `its answer has no ${what}`,
    `check that it is a ${peer.provider} server, of a version that docs/providers.md names`,
  );
}
