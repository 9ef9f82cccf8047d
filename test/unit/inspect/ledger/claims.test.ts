/** What the kernel's rules say of reservations. */
import { describe, expect, it } from 'vitest';
import { inheritedClaim, objectClaim } from '../../../../lib/inspect/ledger/claims.js';

describe('an object', () => {
  const object = { pages: 10, present: 3, reserving: [], onlyUnreserved: false };

  it('that nobody maps is taken for one that was mapped whole', () => {
    expect(objectClaim(object)).toMatchObject({ expected: 7, least: 0, most: 7 });
  });

  it('has reserved at least what is mapped and cannot be there', () => {
    expect(objectClaim({ ...object, reserving: [[0, 5]] })).toMatchObject({ expected: 2, most: 7 });
    expect(objectClaim({ ...object, reserving: [[0, 2]] })).toMatchObject({ expected: 0, most: 7 });
  });

  it('counts what is mapped several times once', () => {
    expect(
      objectClaim({
        ...object,
        reserving: [
          [4, 10],
          [0, 6],
          [5, 6],
        ],
      }),
    ).toMatchObject({ expected: 7 });
  });

  it('that is only mapped without reservation has none', () => {
    expect(objectClaim({ ...object, onlyUnreserved: true })).toMatchObject({ expected: 0, most: 7 });
  });

  it('that is all there has none', () => {
    expect(objectClaim({ ...object, present: 10 })).toBeUndefined();
  });
});

describe('inherited pages', () => {
  it('are nobody’s debt while the maker has them', () => {
    expect(inheritedClaim(3, ['maker', 'heir'])).toBeUndefined();
  });

  it('bring the counter below, when the maker has ended', () => {
    expect(inheritedClaim(3, ['orphan'])).toMatchObject({ expected: -3, least: -3, most: 0 });
  });

  it('may do so, when the maker may have unmapped them', () => {
    expect(inheritedClaim(3, ['heir'])).toMatchObject({ expected: 0, least: -3, most: 0 });
  });
});
