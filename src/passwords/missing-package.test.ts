import { expect, it, vi } from 'vitest';
import { ComplexityCheckerMissingError } from './complexity.js';
import { createPasswordUtil } from './password-util.js';

vi.mock('@zxcvbn-ts/language-common', () => {
  throw new Error('Cannot find package');
});

it('says at start which packages are missing, and lets no password pass unchecked', async () => {
  const util = createPasswordUtil({ passwordComplexityChecker: 'zxcvbn' });
  await expect(util.prepare?.()).rejects.toThrow(ComplexityCheckerMissingError);
  await expect(util.prepare?.()).rejects.toThrow(/npm install/);
  await expect(util.validate('password1', true, {})).rejects.toThrow(ComplexityCheckerMissingError);
});
