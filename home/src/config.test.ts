import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig, secretsOf } from './config.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'motu-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const ENV = { MOTU_POSTGRES_URL: 'postgres://a@b/c', MOTU_INTERNAL_SECRET: 'from the environment' }

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a secret', () => {
  it.each([
    ['as it is', 'from a file', 'from a file'],
    ['without the line break of an editor', 'from a file\n', 'from a file'],
    ['without the one of Windows', 'from a file\r\n', 'from a file'],
    ['with every blank that is part of it', ' from a file \n\n', ' from a file \n'],
  ])('is read from the file its variable names, %s', (_, text, secret) => {
    const { MOTU_POSTGRES_URL } = ENV
    const MOTU_INTERNAL_SECRET_FILE = file('secret', text)
    const config = readConfig({ MOTU_POSTGRES_URL, MOTU_INTERNAL_SECRET_FILE }, [])
    expect(config.internalSecret).toBe(secret)
  })

  it.each([
    ['MOTU_POSTGRES_URL', 'postgresUrl'],
    ['MOTU_INTERNAL_SECRET', 'internalSecret'],
    ['MOTU_REDIS_URL', 'redisUrl'],
    ['MOTU_AMQP_URL', 'amqpUrl'],
    ['MOTU_INVITE_CODE', 'inviteCode'],
  ] as const)('may be the file of %s', (name, key) => {
    const env = { ...ENV, [name]: '', [`${name}_FILE`]: file(name, 'x://from-a-file') }
    expect(readConfig(env, [])[key]).toBe('x://from-a-file')
  })

  it('is not guessed where it is given twice, or not at all', () => {
    const path = file('twice', 'from a file')
    const twice = { ...ENV, MOTU_INTERNAL_SECRET_FILE: path }
    expect(() => readConfig(twice, [])).toThrow('MOTU_INTERNAL_SECRET_FILE are both set')
    const empty = { ...ENV, MOTU_REDIS_URL_FILE: file('empty', '\n') }
    expect(() => readConfig(empty, [])).toThrow('is empty')
    const { MOTU_INTERNAL_SECRET } = ENV
    expect(() => readConfig({ MOTU_INTERNAL_SECRET }, [])).toThrow('MOTU_POSTGRES_URL is not set')
    const missing = { ...ENV, MOTU_REDIS_URL_FILE: join(folder, 'missing') }
    expect(() => readConfig(missing, [])).toThrow('ENOENT')
  })
})

describe('the exchanges beside the venue', () => {
  const exchangesOf = (names?: string, urls?: string) =>
    readConfig({ ...ENV, MOTU_EXCHANGES: names, MOTU_EXCHANGE_URLS: urls }, []).exchanges

  it('are none unless they are named', () => {
    expect([exchangesOf(), exchangesOf(''), exchangesOf(' , ')]).toEqual([[], [], []])
  })

  it('may be at other addresses', () => {
    const urls = '{"okx":"http://127.0.0.1:9000/"}'
    expect(exchangesOf('binance, okx', urls)).toEqual([
      { exchange: 'binance', url: null },
      { exchange: 'okx', url: 'http://127.0.0.1:9000' },
    ])
  })

  it.each([
    ['binance,kraken', '{}', 'unknown exchange kraken: use binance, okx, bybit, bitget'],
    ['upbit', '{}', 'unknown exchange upbit'],
    ['BINANCE', '{}', 'unknown exchange BINANCE'],
    ['okx,okx', '{}', 'twice'],
    ['okx', '{', 'MOTU_EXCHANGE_URLS is not JSON'],
    ['okx', '{"kraken":"http://a"}', 'MOTU_EXCHANGE_URLS'],
    ['okx', '{"okx":"ftp://a"}', 'MOTU_EXCHANGE_URLS: okx'],
    ['okx', '["http://a"]', 'MOTU_EXCHANGE_URLS'],
  ])('%s at %s are refused', (names, urls, complaint) => {
    expect(() => exchangesOf(names, urls)).toThrow(complaint)
  })
})

describe('a market without a pause', () => {
  it.each([
    [{}, false],
    [{ MOTU_ALWAYS_OPEN: '' }, false],
    [{ MOTU_ALWAYS_OPEN: '0', MOTU_FEED: 'upbit' }, false],
    [{ MOTU_ALWAYS_OPEN: '1' }, true],
    [{ MOTU_ALWAYS_OPEN: '1', MOTU_FEED: 'replay' }, true],
  ])('%j: %s', (env, isOpen) => {
    expect(readConfig({ ...ENV, ...env }, []).alwaysOpen).toBe(isOpen)
  })

  it.each([
    [{ MOTU_ALWAYS_OPEN: '1', MOTU_FEED: 'upbit' }, 'is for MOTU_FEED=replay'],
    [{ MOTU_ALWAYS_OPEN: 'yes' }, 'must be 1 or 0'],
  ])('is refused: %j', (env, complaint) => {
    expect(() => readConfig({ ...ENV, ...env }, [])).toThrow(complaint)
  })
})

describe('the invitation code', () => {
  it('is none by default: anyone may register', () => {
    expect(readConfig(ENV, []).inviteCode).toBeNull()
    expect(readConfig({ ...ENV, MOTU_INVITE_CODE: '' }, []).inviteCode).toBeNull()
  })

  it.each(['12345678', '초대받은 친구들만', 'x'.repeat(128)])('may be %s', (code) => {
    expect(readConfig({ ...ENV, MOTU_INVITE_CODE: code }, []).inviteCode).toBe(code)
  })

  it.each(['1234567', 'x'.repeat(129), ' 12345678', '12345678 '])('may not be %j', (code) => {
    const read = () => readConfig({ ...ENV, MOTU_INVITE_CODE: code }, [])
    expect(read).toThrow('MOTU_INVITE_CODE must be')
    // An error ends up in a log.
    expect(read).not.toThrow(code)
  })
})

describe('what no log may say', () => {
  it('is every secret we were given, as it stands and as it is meant', () => {
    const providers = [
      { id: 'club', issuer: 'https://id.example', client_id: 'a', client_secret: 'of the club' },
    ]
    const secrets = secretsOf(
      readConfig(
        {
          MOTU_POSTGRES_URL: 'postgres://motu:a%2Fb@localhost/motu',
          MOTU_REDIS_URL: 'redis://:100%@localhost',
          MOTU_AMQP_URL: 'amqp://localhost',
          MOTU_INTERNAL_SECRET: 'between us',
          MOTU_INVITE_CODE: 'for friends',
          MOTU_OIDC_PROVIDERS: JSON.stringify(providers),
        },
        [],
      ),
    )
    expect(secrets).toEqual(
      expect.arrayContaining(['between us', 'for friends', 'a%2Fb', 'a/b', 'of the club']),
    )
    expect(secrets.some((secret) => secret.startsWith('100%'))).toBe(true)
  })
})
