import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOidcSettings } from './oidc-settings.ts'

const SECRET = 'a-secret-of-the-tests'
const WORK = { id: 'work', issuer: 'https://id.example', client_id: 'motu', client_secret: SECRET }

describe('the settings of OIDC providers', () => {
  it('need no more than an id and a secret for Discord', () => {
    const text = JSON.stringify([{ id: 'discord', client_id: '1', client_secret: SECRET }])
    expect(readOidcSettings(text)).toEqual([
      {
        ...{ id: 'discord', name: 'Discord', clientId: '1', clientSecret: SECRET },
        ...{ issuer: new URL('https://discord.com'), scope: 'openid identify', nonce: false },
      },
    ])
  })

  it('always ask for an ID token, and for a nonce unless told otherwise', () => {
    const [work] = readOidcSettings(JSON.stringify([{ ...WORK, scopes: ['email'] }]))
    expect(work).toMatchObject({ name: 'work', scope: 'openid email', nonce: true })
  })

  it('read a secret from its file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'motu-oidc-'))
    const file = join(folder, 'secret')
    writeFileSync(file, `${SECRET}\n`)
    const { client_secret: _, ...rest } = WORK
    const [work] = readOidcSettings(JSON.stringify([{ ...rest, client_secret_file: file }]))
    expect(work!.clientSecret).toBe(SECRET)
    await rm(folder, { recursive: true })
  })

  it.each<[string, string]>([
    ['no JSON', `[{"client_secret":"${SECRET}"`],
    ['no list', JSON.stringify(WORK)],
    ['no issuer', JSON.stringify([{ id: 'work', client_id: 'x', client_secret: SECRET }])],
    ['no client id', JSON.stringify([{ id: 'discord', client_secret: SECRET }])],
    ['an id that is no path', JSON.stringify([{ ...WORK, id: 'a/b' }])],
    ['two of one id', JSON.stringify([WORK, WORK])],
    ['an unknown member', JSON.stringify([{ ...WORK, clientId: 'x' }])],
    ['an issuer in plain text', JSON.stringify([{ ...WORK, issuer: 'http://id.example' }])],
    ['an issuer of another kind', JSON.stringify([{ ...WORK, issuer: 'file:///etc/passwd' }])],
  ])('refuse %s, and keep the secret to themselves', (_what, text) => {
    expect(() => readOidcSettings(text)).toThrow(/^(?!.*a-secret)MOTU_OIDC_PROVIDERS/)
  })

  it('take a provider of this machine in plain text', () => {
    const text = JSON.stringify([{ ...WORK, issuer: 'http://127.0.0.1:9/oidc' }])
    expect(readOidcSettings(text)[0]!.issuer.href).toBe('http://127.0.0.1:9/oidc')
  })
})
