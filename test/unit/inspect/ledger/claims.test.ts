/** What the kernel's rules say of reservations. */
import { describe, expect, it } from 'vitest';
import { exactly, inheritedClaim, leftOverClaim, objectClaim, privateClaim } from '../../../../lib/inspect/ledger/claims.js';
import { settle } from '../../../../lib/inspect/ledger/settle.js';

describe('an object', () => {
  const object = { pages: 10, present: 3, isWhole: false, reserving: [], onlyUnreserved: false };

  it('that nobody maps may have been mapped before, or not', () => {
    expect(objectClaim(object)).toMatchObject({ usual: [[0, 7]], least: 0, most: 7 });
  });

  it('that is reserved when it is made has all that is missing, whatever of it is mapped', () => {
    expect(objectClaim({ ...object, isWhole: true, reserving: [[0, 5]] })).toMatchObject({ usual: [[7, 7]], least: 0 });
    expect(objectClaim({ ...object, isWhole: true, onlyUnreserved: true })).toMatchObject({ usual: [[0, 0]], most: 7 });
  });

  it('has reserved at least what is mapped and cannot be there', () => {
    expect(objectClaim({ ...object, reserving: [[0, 5]] })).toMatchObject({ usual: [[2, 7]], most: 7 });
    expect(objectClaim({ ...object, reserving: [[0, 2]] })).toMatchObject({ usual: [[0, 7]], most: 7 });
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
    ).toMatchObject({ usual: [[7, 7]] });
  });

  it('that is only mapped without reservation most likely has none', () => {
    const usual = [
      [0, 0],
      [1, 7],
    ];
    expect(objectClaim({ ...object, onlyUnreserved: true })).toMatchObject({ usual, most: 7 });
  });

  it('that is all there has none', () => {
    expect(objectClaim({ ...object, present: 10 })).toBeUndefined();
  });
});

describe('private mappings', () => {
  const share = { missing: 4, inherited: 3 };

  it('have reserved for their maker what is missing', () => {
    expect(privateClaim({ lineage: 'maker', ...share }, true)).toEqual({ usual: [[4, 4]], least: 0, most: 4, firm: true });
    expect(privateClaim({ lineage: 'maker', ...share }, false)).toMatchObject({ usual: [[4, 4]], firm: false });
    expect(privateClaim({ lineage: 'likely', ...share }, true)).toMatchObject({ usual: [[4, 4]], least: -3, firm: false });
  });

  it('have all or none, where nobody knows who made them', () => {
    const usual = [
      [4, 4],
      [-3, 0],
    ];
    expect(privateClaim({ lineage: 'unknown', ...share }, true)).toMatchObject({ usual, least: -3, most: 4 });
  });

  it('have nothing reserved for others, who may owe what they have', () => {
    expect(privateClaim({ lineage: 'heir', ...share }, true)).toBeUndefined();
    expect(privateClaim({ lineage: 'orphan', ...share }, true)).toMatchObject({ usual: [[-3, 0]], least: -3, most: 4 });
  });
});

describe('inherited pages', () => {
  it('bring the counter below, as far as they are the maker’s', () => {
    expect(inheritedClaim(3, false)).toMatchObject({ usual: [[-3, 0]], least: -3, most: 0 });
  });

  it('do not, while the maker most likely has them', () => {
    expect(inheritedClaim(3, true)).toMatchObject({ usual: [[0, 0]], least: -3, most: 0 });
  });
});

describe('what is left over', () => {
  it('may have used up reservations, a page each', () => {
    expect(leftOverClaim(2, 0)).toMatchObject({ usual: [[-2, 0]], least: -2, most: 0 });
    expect(leftOverClaim(-2, 0)).toMatchObject({ least: 0, most: 0 });
  });

  it('may be reserved for processes that are not seen, so that a memfd of one’s own has nothing for certain', () => {
    const memfd = objectClaim({ pages: 6, present: 3, isWhole: false, reserving: [], onlyUnreserved: false });
    const claims = [
      { row: 'memfd', ...(memfd ?? exactly(0)) },
      { row: 'left over', ...leftOverClaim(2, 5) },
    ];
    expect(settle(claims, 2).reserved.get('memfd')).toBe(0);
  });
});
