import { readFileSync } from 'node:fs';
import type { Express } from 'express';

const read = (name: string): string => readFileSync(new URL(`../static/${name}`, import.meta.url), 'utf8');

/** The demo's own style sheet and icon. */
export function mountStatic(app: Express): void {
  const stylesheet = read('demo.css');
  const icon = read('icon.svg');
  app.get('/demo.css', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('css').send(stylesheet);
  });
  app.get(['/icon.svg', '/favicon.ico'], (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('svg').send(icon);
  });
}
