import { describe, expect, it } from 'vitest';
import { createUsernameUtil } from './username-util.js';

const util = createUsernameUtil();

describe('P6 usernames that look alike (modern, flask)', () => {
  it.each([
    ['full-width', 'ａｄｍｉｎ', 'admin'],
    ['a ligature', 'ﬁnance', 'finance'],
    ['mathematical letters', '𝐚𝐝𝐦𝐢𝐧', 'admin'],
    ['decomposed', 'rene\u0301e', 'ren\u00e9e'],
    ['composed', 'ren\u00e9e', 'rene\u0301e'],
    ['the Kelvin sign', '\u212aelvin', 'Kelvin'],
    ['superscripts', 'user²', 'user2'],
    ['circled digits', 'user①', 'user1'],
  ])('P6 %s collides on the canonical form', (_name, one, other) => {
    expect(util.validate(one).username).toBe(util.validate(other).username);
    expect(util.validate(one).username).not.toBeNull();
  });

  it.each([
    ['a zero-width space', 'ad\u200bmin'],
    ['a zero-width joiner', 'ad\u200dmin'],
    ['a byte order mark', '\ufeffadmin'],
    ['a soft hyphen', 'ad\u00admin'],
    ['a variation selector', 'admin\ufe0f'],
    ['a Hangul filler', 'admin\u3164'],
    ['a half-width Hangul filler', 'admin\uffa0'],
    ['a combining grapheme joiner', 'ad\u034fmin'],
    ['a right-to-left override', '\u202enimda'],
    ['a tag character', 'admin\u{e0041}'],
    ['a trailing space', 'admin '],
    ['a trailing no-break space', 'admin\u00a0'],
    ['an inner space', 'ad min'],
    ['a NUL', 'admin\0'],
    ['a line break', 'admin\r\nBcc: x'],
    ['half a surrogate pair', 'admin\ud800'],
    ['a mark that goes with nothing', '\u0301admin'],
    ['a word that normalizes into several', 'admin\ufdfa'],
  ])('P6 %s is refused', (_name, username) => {
    const verdict = util.validate(username);
    expect(verdict.error).toBeDefined();
    expect(verdict.username).toBeNull();
  });

  it('P6 case, where names are in lower case: the Turkish letters stay letters of their own', () => {
    const lower = createUsernameUtil({ usernameLowercase: true });
    expect(lower.validate('ADMIN').username).toBe('admin');
    expect(lower.validate('ＡDMIN').username).toBe('admin');
    expect(lower.validate('adm\u0131n').username).not.toBe('admin');
    expect(lower.validate('ADM\u0130N').username).not.toBe('admin');
    expect(lower.validate('\u1e9euser').username).toBe(lower.validate('\u00dfuser').username);
  });

  it.each(['<', '<a', '<a>', '&', 'a', '\u0301', ' ', '<!--'])('A6 a megabyte of %j is refused unread', (piece) => {
    const long = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect(util.validate(long).error?.message).toBe('USERNAME_INVALID_LENGTH');
    expect(util.normalize(long)).toBe('');
  });
});
