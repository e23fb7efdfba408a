import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { confirmation, outbox, recovery } from 'sallyport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp, testSecret } from '../../../test/support/app.js';
import { originalInstalled } from '../../crypto/testing/original.js';

const newPassword = 'quite another horse';

/** Makes and reads tokens with the original's own serializers and digests. */
const script = `
import json, sys, warnings
warnings.simplefilter("ignore")
from flask import Flask
from flask_security import Security
from flask_security.datastore import UserDatastore
from flask_security.proxies import _security
from flask_security.utils import hash_data, verify_hash

class Model:
    fs_uniquifier = None

o = json.load(sys.stdin)
app = Flask(__name__)
app.config.update(SECRET_KEY=o["key"], SECURITY_PASSWORD_SALT="1", SECURITY_RECOVERABLE=True, SECURITY_CONFIRMABLE=True)
Security(app, UserDatastore(Model, Model), register_blueprint=False)
with app.app_context():
    serializer = getattr(_security, o["purpose"] + "_serializer")
    if "token" in o:
        data = serializer.loads(o["token"], max_age=86400)
        print(json.dumps({"user": data[0], "digest": data[1], "same": bool(verify_hash(data[1], o["state"]))}))
    else:
        print(json.dumps(serializer.dumps([o["user"], hash_data(o["state"])])))
`;

/** Not `spawnSync`: the server under test keeps breathing meanwhile. */
async function original(purpose: 'reset' | 'confirm', given: Record<string, string>): Promise<unknown> {
  const child = spawn(process.env['SALLYPORT_ORIGINAL_PYTHON'] ?? '/usr/bin/python3', ['-B', '-c', script]);
  child.stdin.end(JSON.stringify({ key: testSecret, purpose, ...given }));
  const [output, problem, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`the original failed: ${problem}`);
  return JSON.parse(output);
}

describe.skipIf(!originalInstalled)('beside the original, with its secret key', { timeout: 120_000 }, () => {
  const mails = outbox();
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({
      profile: 'flask',
      clock: () => Date.now(),
      mailTransport: mails,
      features: [recovery(), confirmation()],
    });
  });
  afterAll(() => app.close());

  it('a reset link that the original mailed sets the password here, once', async () => {
    const user = await app.user('user@example.com');
    const token = await original('reset', { user: user.fs_uniquifier, state: user.password ?? '' });
    const fields = { password: newPassword, password_confirm: newPassword };
    const foreign = await original('reset', { user: user.fs_uniquifier, state: 'another hash' });
    expect((await app.client().postJson(`/reset/${foreign}`, fields)).status).toBe(400);
    expect((await app.client().postJson(`/reset/${token}`, fields)).status).toBe(200);
    expect((await app.client().postJson(`/reset/${token}`, fields)).status).toBe(400);
    expect((await app.client().login('user@example.com', newPassword)).status).toBe(200);
  });

  it('a reset link that was mailed here is good for the original', async () => {
    const user = await app.user('admin@example.com');
    await app.client().postJson('/reset', { email: user.email });
    await app.security.drain();
    const token = /\/reset\/(\S+)/.exec(mails.mails.at(-1)?.text ?? '')?.[1] ?? '';
    expect(await original('reset', { token, state: user.password ?? '' })).toMatchObject({
      user: user.fs_uniquifier,
      digest: expect.stringMatching(/^\$5\$rounds=535000\$/),
      same: true,
    });
  });

  it('a confirmation link that the original mailed confirms here, and ours confirms there', async () => {
    const user = await app.datastore.updateUser(await app.user('editor@example.com'), { confirmed_at: null });
    const theirs = await original('confirm', { user: user?.fs_uniquifier ?? '', state: user?.email ?? '' });
    await app.client().postJson('/confirm', { email: 'editor@example.com' });
    await app.security.drain();
    const ours = /\/confirm\/(\S+)/.exec(mails.mails.at(-1)?.text ?? '')?.[1] ?? '';
    expect(await original('confirm', { token: ours, state: user?.email ?? '' })).toMatchObject({ same: true });
    await app.client().get(`/confirm/${theirs}`);
    expect((await app.user('editor@example.com'))['confirmed_at']).not.toBeNull();
  });
});
