import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type responseValidator from 'openapi-response-validator';
import { expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { stories } from './support.js';

// A CommonJS module with a default export: importers disagree about what its default is, `require` does not.
const { default: ResponseValidator } = createRequire(import.meta.url)(
  'openapi-response-validator',
) as typeof responseValidator;

type ValidatorArguments = ConstructorParameters<typeof responseValidator.default>[0];

interface Contract {
  paths: Record<string, Record<string, Pick<ValidatorArguments, 'responses'>>>;
  components: NonNullable<ValidatorArguments['components']>;
}

/** Schemas of the wire contract for these endpoints (openapi-5.3.3.yaml), without its sentences. */
const contract = JSON.parse(readFileSync(new URL('../contract/sign-in.json', import.meta.url), 'utf8')) as Contract; // a committed file

/** What the contract finds wrong with an answer: nothing, if all is well. */
function faults(path: string, method: string, answer: Answer): unknown {
  const operation = contract.paths[path]?.[method];
  if (operation === undefined) throw new Error(`no ${method} ${path} in the contract`);
  const { responses } = operation;
  const validator = new ResponseValidator({ responses, components: contract.components });
  return validator.validateResponse(String(answer.status), answer.json)?.errors ?? [];
}

stories('the wire contract', {}, (app) => {
  const right = { email: 'user@example.com', password: 'correct horse' };

  it('can be broken: the check sees it', () => {
    const answer = { status: 400, json: { meta: { code: 'x' }, response: {} } } as unknown as Answer; // broken on purpose
    expect(faults('/login', 'post', answer)).not.toEqual([]);
  });

  it('holds for /login', async () => {
    const client = app().client();
    expect(faults('/login', 'get', await client.getJson('/login'))).toEqual([]);
    for (const body of [right, { ...right, password: 'x' }, {}]) {
      const answer = await client.postJson('/login?include_auth_token', body);
      expect(faults('/login', 'post', answer)).toEqual([]);
      expect(answer.json.meta.code).toBe(answer.status);
    }
    const known = await client.getJson('/login');
    expect(known.json.response.user).toBeDefined();
    expect(faults('/login', 'get', known)).toEqual([]);
  });

  it('holds for /verify', async () => {
    const client = app().client();
    await client.login(right.email);
    expect(faults('/verify', 'get', await client.getJson('/verify'))).toEqual([]);
    for (const password of ['correct horse', 'x', ''])
      expect(faults('/verify', 'post', await client.postJson('/verify?include_auth_token', { password }))).toEqual([]);
  });

  it('holds for /logout', async () => {
    const client = app().client();
    await client.login(right.email);
    expect(faults('/logout', 'post', await client.postJson('/logout', {}))).toEqual([]);
  });
});
