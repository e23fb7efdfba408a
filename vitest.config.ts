import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^sallyport$/, replacement: source('index.ts') },
      { find: /^sallyport\/(express|fastify|hono|web)$/, replacement: `${source('adapters')}/$1/index.ts` },
      { find: /^sallyport\/drizzle$/, replacement: source('datastores/drizzle/index.ts') },
      { find: /^sallyport\/drizzle\/(sqlite|postgresql|mysql)$/, replacement: `${source('datastores/drizzle')}/$1.ts` },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
