import { expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { formType, stories } from './support.js';

const fields = { email: 'user@example.com', password: 'correct horse' };
const post = async (client: Client, body: string, type: string) => {
  const token = await client.csrfToken();
  return await client.send('POST', '/login', {
    body,
    headers: { 'content-type': type, accept: 'application/json', 'x-csrf-token': token },
  });
};

for (const bodyParser of [false, true]) {
  stories(`bodies ${bodyParser ? 'with' : 'without'} a parser of the application`, { bodyParser }, (app) => {
    it('are forms or JSON, whatever the parameters of their type', async () => {
      for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
        expect([type, (await post(app().client(), JSON.stringify(fields), type)).status]).toEqual([type, 200]);
      for (const type of [formType, `${formType}; charset=UTF-8`])
        expect([type, (await post(app().client(), new URLSearchParams(fields).toString(), type)).status]).toEqual([
          type,
          200,
        ]);
    });

    it('C1 of other types are not read (profile modern)', async () => {
      for (const type of ['text/plain', 'application/xml', 'application/jsonx']) {
        const answer = await post(app().client(), JSON.stringify(fields), type);
        expect([type, answer.status]).toEqual([type, 400]);
      }
    });

    it('of a field that comes twice are refused', async () => {
      const twice = `${new URLSearchParams(fields).toString()}&email=admin%40example.com`;
      expect((await post(app().client(), twice, formType)).status).not.toBe(200);
    });
  });
}

stories('broken bodies', {}, (app) => {
  it('are refused without an exception', async () => {
    for (const body of ['{', '{"email":', 'null', '[]', '"text"', '1', `${'['.repeat(1000)}${']'.repeat(1000)}`])
      expect([body.slice(0, 10), (await post(app().client(), body, 'application/json')).status]).toEqual([
        body.slice(0, 10),
        400,
      ]);
  });

  it('A6 too large or with too many fields are refused (profile modern)', async () => {
    const large = JSON.stringify({ ...fields, padding: 'x'.repeat(70_000) });
    expect((await post(app().client(), large, 'application/json')).status).toBe(400);
    const many = `${new URLSearchParams(fields).toString()}${'&a=1'.repeat(250)}`;
    expect((await post(app().client(), many, formType)).status).toBe(400);
  });
});
