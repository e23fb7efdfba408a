import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpolate, renderAttributes, safeLink, wrapText } from './filters.js';

describe('attributes', () => {
  const attributes = (value: unknown): string => renderAttributes(value).toString();

  test('writes names and escaped values, bare ones without a value', () => {
    expect(attributes({ autocomplete: 'email', minlength: '8', autofocus: '' })).toBe(
      ' autocomplete="email" minlength="8" autofocus',
    );
    expect(attributes({ title: '"><b>' })).toBe(' title="&quot;&gt;&lt;b&gt;"');
  });

  test('A5 leaves out handlers, styles, what the macros own, and names that are none', () => {
    const hostile = { onclick: 'x', style: 'x', type: 'x', 'a b': 'x', 'x"': 'x', 'A>': 'x', disabled: undefined };
    expect(attributes(hostile)).toBe('');
    expect(['text', null, undefined, 5].map(attributes).join('')).toBe('');
  });

  test('A5 no value ends the attribute it is in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) =>
        /^ title="[^"<>]*"$/.test(attributes({ title: value })),
      ),
    );
  });
});

describe('link', () => {
  test.each(['/login', '?a=b', '#email', 'https://app.example/x', 'mailto:a@b.example', 'relative'])(
    'keeps %s',
    (url) => {
      expect(safeLink(url)).toBe(url);
    },
  );

  test.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '',
    undefined,
    {},
  ])('A5 drops %j', (url) => {
    expect(safeLink(url)).toBe('#');
  });
});

describe('wrap', () => {
  test('folds between words and keeps a long one whole', () => {
    expect(wrapText('one two three', 7)).toBe('one two\nthree');
    expect(wrapText(`a ${'b'.repeat(100)} c`, 20)).toBe(`a\n${'b'.repeat(100)}\nc`);
    expect(wrapText(undefined)).toBe('');
  });

  test('loses no word, and a line is too long only when it is one word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 80 }), (text, width) => {
        const folded = wrapText(text, width);
        expect(folded.split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
        for (const line of folded.split('\n')) expect(line.length <= width || !/\s/.test(line)).toBe(true);
      }),
    );
  });
});

describe('interpolate', () => {
  test('fills named places and leaves unknown ones', () => {
    expect(interpolate('%(a)s and %(b)s', { a: 1 })).toBe('1 and %(b)s');
    expect(interpolate('100 % %s %(', {})).toBe('100 % %s %(');
  });

  test('A5 what a value contains is not filled in turn, nor reached through the prototype', () => {
    expect(interpolate('%(a)s', { a: '%(b)s', b: 'leak' })).toBe('%(b)s');
    expect(interpolate('%(a)s', { a: '$& $1' })).toBe('$& $1');
    expect(interpolate('%(constructor)s %(__proto__)s', {})).toBe('%(constructor)s %(__proto__)s');
  });
});
