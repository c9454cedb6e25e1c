import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kisSecretsOf, readKisSettings } from './kis-settings.ts'

const ONE = { name: 'first', app_key: 'PSkey', app_secret: 'the secret', kind: 'real' }
const read = (...accounts: object[]) => readKisSettings(JSON.stringify(accounts))

describe('the accounts', () => {
  it('have the addresses of their kind, or their own', () => {
    const mock = { ...ONE, name: 'second', app_key: 'PSother', kind: 'mock' }
    const own = { rest_url: 'http://127.0.0.1:1/', ws_url: 'ws://127.0.0.1:2' }
    const third = { ...ONE, ...own, name: 'third', app_key: 'PSthird' }
    expect(read(ONE, mock, third)).toMatchObject([
      {
        ...{ name: 'first', appKey: 'PSkey', appSecret: 'the secret', kind: 'real' },
        restUrl: 'https://openapi.koreainvestment.com:9443',
        wsUrl: 'ws://ops.koreainvestment.com:21000',
      },
      {
        restUrl: 'https://openapivts.koreainvestment.com:29443',
        wsUrl: 'ws://ops.koreainvestment.com:31000',
      },
      { restUrl: 'http://127.0.0.1:1', wsUrl: 'ws://127.0.0.1:2' },
    ])
    expect(read()).toEqual([])
  })

  it('may keep the secret in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kis-'))
    writeFileSync(join(folder, 'secret'), 'from a file\n')
    const { app_secret: _, ...rest } = ONE
    const [account] = read({ ...rest, app_secret_file: join(folder, 'secret') })
    rmSync(folder, { recursive: true })
    expect(account!.appSecret).toBe('from a file')
    expect(kisSecretsOf([account!])).toEqual(['PSkey', 'from a file'])
  })

  it.each([
    [[{ ...ONE, kind: 'demo' }], 'kind'],
    [[{ ...ONE, name: 'a b' }], 'name'],
    [[{ ...ONE, app_key: '' }], 'app_key'],
    [[{ ...ONE, app_secret: undefined }], 'has no app_secret'],
    [[{ ...ONE, typo: 1 }], 'Unrecognized'],
    [[{ ...ONE, rest_url: 'ftp://x' }], 'rest_url'],
    [[ONE, { ...ONE, app_key: 'PSother' }], 'one name'],
    [[ONE, { ...ONE, name: 'second' }], 'one appKey'],
  ])('are refused without saying a secret: %j', (accounts, complaint) => {
    expect(() => read(...accounts)).toThrow(complaint)
    expect(() => read(...accounts)).not.toThrow('the secret')
  })

  it('are a list in JSON', () => {
    expect(() => readKisSettings('{"app_secret": "the secret"')).toThrow(
      /^MOTU_KIS_ACCOUNTS is not JSON$/,
    )
  })
})
