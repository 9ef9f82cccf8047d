/** What is found of a pool, before it is settled what is reserved for whom. */
import type { Amount } from './claims.js';
import type { MountRow, ObjectRow, PrivateRow } from './types.js';

type Open<Row> = Omit<Row, 'reserved' | 'used'> & { used: number };

/** A row whose reservations are not settled yet. */
export type Draft = Open<PrivateRow> | Open<ObjectRow> | Open<MountRow>;

/** A part of a row. */
export interface Entry {
  readonly draft: Draft;
  readonly used: number;
  readonly claim: Amount | undefined;
  /** The file system that it is of. */
  readonly device: string | undefined;
}
