import { describe, expect, it } from 'vitest';
import { nameText } from './names';

describe('a name', () => {
  it.each([
    [{ family: 'Lovelace', given: 'Ada' }, 'Ada Lovelace'],
    [{ family: 'Berg', given: 'Jan', 'non-dropping-particle': 'van der', suffix: 'Jr.' }, 'Jan van der Berg Jr.'],
    [{ family: 'Beethoven', given: 'Ludwig', 'non-dropping-particle': 'van', suffix: 'II' }, 'Ludwig van Beethoven II'],
    [{ literal: 'The Margin Group' }, 'The Margin Group'],
    [{ family: 'Plato' }, 'Plato'],
    [{ family: '王', given: '建国' }, '王建国'],
    [{ family: '山田', given: 'ハナ子' }, '山田ハナ子'],
    [{ family: '김', given: '민수' }, '김민수'],
    [{ family: 'スミス', given: 'ジョン' }, 'ジョン スミス'],
    [{ family: 'Wang', given: '建国' }, '建国 Wang'],
    [{}, ''],
  ])('is read as its language has it', (name, text) => {
    expect(nameText(name)).toBe(text);
  });
});
