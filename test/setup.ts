import { afterEach, expect } from 'vitest';

const own = Object.getOwnPropertyNames(Object.prototype).join();

// Attack line P11: nothing in the whole suite may leave a trace on Object.prototype.
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(own);
});
