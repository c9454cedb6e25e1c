// The commands beside a running home, run as an operator runs them.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { keepSignIns } from '../../../scripts/launch/sign-ins.ts'
import { until } from '../until.ts'
import { createWorld, type World } from './world.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const SIGN_IN = '/api/v1/login/access-token'
const ME = '/api/v1/users/me'
const run = promisify(execFile)

let world: World
let folder: string
let ring: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motu-commands-'))
  ring = join(folder, 'ring.json')
  world = await createWorld(undefined, { MOTU_CREDENTIAL_KEYS_FILE: ring })
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

const command = (file: string, args: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, [join(ROOT, file), ...args], {
    env: {
      ...{ PATH: process.env.PATH, MOTU_DIR: folder, MOTU_POSTGRES_URL: world.databaseUrl },
      MOTU_CREDENTIAL_KEYS_FILE: ring,
      ...env,
    },
  })

const signIn = (username: string, password: string) =>
  world.call<Tokens>(SIGN_IN, { body: { username, password } })

describe('npm run user', () => {
  it('makes the first admin, with a password it shows once', async () => {
    const { stdout } = await command('scripts/user.ts', ['boss', '대장', 'ADMIN'])
    const password = /^boss: ADMIN, password (\S+)\n$/.exec(stdout)![1]!
    const { body: tokens } = await signIn('boss', password)
    const me = await world.call<User>(ME, { token: tokens.access_token })
    expect(me.body).toMatchObject({ username: 'boss', nickname: '대장', role: 'ADMIN' })
    const users = await world.call('/api/v1/admin/users', { token: tokens.access_token })
    expect(users.status).toBe(200)
    const [entry] = await world.sql`SELECT * FROM audit_log WHERE action = 'user_created'`
    expect(entry).toMatchObject({ actor_via: 'command', target: `user:${me.body.user_id}` })
  })

  it('changes nothing when it runs twice, and ends all sign-ins when it changes something', async () => {
    const env = { MOTU_NEW_PASSWORD: 'correct horse' }
    await command('scripts/user.ts', ['twice'], env)
    const { body: tokens } = await signIn('twice', 'correct horse')
    const call = { token: tokens.access_token }
    expect((await command('scripts/user.ts', ['twice'], env)).stdout).toBe('twice: USER\n')
    expect((await world.call(ME, call)).status).toBe(200)
    await command('scripts/user.ts', ['twice'], { MOTU_NEW_PASSWORD: 'battery staple' })
    expect((await signIn('twice', 'correct horse')).status).toBe(401)
    expect((await signIn('twice', 'battery staple')).status).toBe(200)
    await until(async () => (await world.call(ME, call)).status === 401)
  })

  it('leaves one alone who was shut out', async () => {
    const env = { MOTU_NEW_PASSWORD: 'correct horse' }
    await command('scripts/user.ts', ['out'], env)
    await world.sql`UPDATE users SET disabled_at = now() WHERE username = 'out'`
    const stored = () =>
      world.sql`SELECT role, password_hash, disabled_at FROM users WHERE username = 'out'`
    const [before] = await stored()
    for (const given of [env, {}]) {
      const again = command('scripts/user.ts', ['out', 'out', 'ADMIN'], given)
      // No password is shown: none was set.
      await expect(again).rejects.toMatchObject({
        ...{ code: 3, stdout: '', stderr: expect.stringContaining('out was shut out') as string },
      })
    }
    expect(before).toMatchObject({ role: 'USER', disabled_at: expect.any(Date) as Date })
    expect(await stored()).toEqual([before])
  })

  it('keeps no start from going on whose demo user was shut out', async () => {
    const secrets = { demoPassword: 'a demo password', adminPassword: 'an admin password' }
    const keep = () => keepSignIns(world.databaseUrl, secrets)
    await keep()
    await world.sql`UPDATE users SET disabled_at = now() WHERE username = 'demo'`
    await keep()
    expect((await signIn('demo', secrets.demoPassword)).status).toBe(401)
    expect((await signIn('admin', secrets.adminPassword)).status).toBe(200)
    await expect(
      keepSignIns(world.databaseUrl, { ...secrets, adminPassword: '' }),
    ).rejects.toThrow()
  })

  it('takes the password and the database from files', async () => {
    const password = join(folder, 'password')
    const url = join(folder, 'url')
    await writeFile(password, 'from a file, with blanks\n')
    await writeFile(url, world.databaseUrl)
    const { stdout } = await command('scripts/user.ts', ['filed'], {
      ...{ MOTU_NEW_PASSWORD_FILE: password, MOTU_POSTGRES_URL_FILE: url, MOTU_POSTGRES_URL: '' },
    })
    expect(stdout).toBe('filed: USER\n')
    expect((await signIn('filed', 'from a file, with blanks')).status).toBe(200)
  })

  it('says how it is used', async () => {
    const { stdout } = await command('scripts/user.ts', ['--help'])
    expect(stdout).toContain('MOTU_NEW_PASSWORD_FILE')
  })

  it.each([
    ['no name', []],
    ['a name that is none', ['A B']],
    ['a role there is not', ['someone', 'x', 'KING']],
  ])('refuses %s', async (_what, args) => {
    await expect(command('scripts/user.ts', args)).rejects.toThrow()
  })
})

describe('npm run keys', () => {
  it('encrypts credentials anew, and shows no key', async () => {
    const user = await world.signedIn()
    await world.call('/api/v1/exchange-credentials/upbit', {
      ...{ method: 'PUT', token: user.access_token },
      body: { api_key: 'a', api_secret: 'b' },
    })
    const [before] = await world.sql`SELECT key_id, nonce FROM exchange_credentials`
    const { stdout } = await command('scripts/keys.ts', ['rotate-credentials'])
    const [after] = await world.sql`SELECT key_id, nonce FROM exchange_credentials`
    expect(after!.key_id).not.toBe(before!.key_id)
    expect(stdout).toContain(`encrypts with ${after!.key_id} now; 1 credentials`)
    const { keys } = JSON.parse(await readFile(ring, 'utf8')) as { keys: Record<string, string> }
    for (const key of Object.values(keys)) expect(stdout).not.toContain(key)
  })

  it('says how it is used', async () => {
    await expect(command('scripts/keys.ts', ['rotat'])).rejects.toThrow('npm run keys -- rotate')
  })
})
