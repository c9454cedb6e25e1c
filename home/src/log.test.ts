import { describe, expect, it } from 'vitest'
import { createLog, hideSecrets } from './log.ts'

const JWT = 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl_-x'
const REFRESH = 'Zr3cQ0n2o4p6q8s0u2w4y6A8C0E2G4I6K8M0O2Q4S6U'

function written(work: (log: ReturnType<typeof createLog>) => void, secrets: string[] = []) {
  const lines: string[] = []
  const output = { write: (line: string) => void lines.push(line) }
  work(createLog('trace', 'test', { secrets, output }))
  return lines.join('')
}

describe('a line of the log', () => {
  it.each<[what: string, text: string, secret: string]>([
    ['an access token', `{"msg":"Bearer ${JWT}"}`, JWT.split('.')[2]!],
    ['an unsigned token', `{"msg":"${JWT.slice(0, JWT.lastIndexOf('.') + 1)}"}`, 'eyJzdWI'],
    ['a refresh token', `{"msg":"given ${REFRESH}, refused"}`, REFRESH],
    ['a refresh cookie', `{"msg":"__Secure-motu_refresh=${REFRESH}; a=b"}`, REFRESH],
    ['an API key', '{"msg":"motu_0123456789AB_abcdefghijklmnop"}', 'abcdefghijklmnop'],
    ["a server's password", '{"msg":"redis://user:hunter2@host:6379/0"}', 'hunter2'],
    ['one without a user', '{"msg":"redis://:hunter2@host"}', 'hunter2'],
    ['a hash', '{"msg":"$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"}', 'aGFzaA'],
    ['a password by its name', '{"password":"hunter2"}', 'hunter2'],
    ['one with quotes in it', String.raw`{"new_password":"a\"hunter2","a":1}`, 'hunter2'],
    ['one in JSON in JSON', String.raw`{"msg":"{\"password\":\"hunter2\"}"}`, 'hunter2'],
    ['a header', '{"headers":{"Authorization":"Basic aHVudGVyMg=="}}', 'aHVudGVyMg'],
  ])('hides %s', (_, text, secret) => {
    const hidden = hideSecrets(text)
    expect(hidden).not.toContain(secret)
    expect(hidden).toContain('[hidden]')
    JSON.parse(hidden)
  })

  it.each([
    '{"request":"0198f2c0-0000-7000-8000-000000000001","msg":"request failed"}',
    '{"err":{"code":"ECONNREFUSED","message":"connect ECONNREFUSED 127.0.0.1:5432"}}',
    '{"at":"2026-11-20T05:04:03.000Z","url":"http://127.0.0.1:8788/internal/health"}',
    `{"sha256":"${'a'.repeat(64)}"}`,
    '{"key":"motu_0123456789AB","passwords":3}',
  ])('says %s as it is', (line) => {
    expect(hideSecrets(line)).toBe(line)
  })

  it('hides what the process was given to keep, wherever it turns up', () => {
    const secrets = ['a "quoted" secret', 'plain-secret', 'abc']
    const text = written((log) => {
      log.error({ err: new Error('no a "quoted" secret today') }, 'plain-secret and abc')
    }, secrets)
    for (const line of text.trim().split('\n')) JSON.parse(line)
    expect(text).not.toContain('quoted')
    expect(text).not.toContain('plain-secret')
    expect(text).toContain('[hidden] and abc')
  })

  it('hides what an error carries that nobody looked at', () => {
    const error = Object.assign(new Error('WRONGPASS'), {
      command: { name: 'auth', args: ['hunter2-hunter2'] },
      url: 'amqp://motu:hunter2@rabbit',
    })
    expect(written((log) => log.warn({ err: error }), ['hunter2-hunter2'])).not.toContain('hunter2')
  })

  it('names its process and its time', () => {
    const line = JSON.parse(written((log) => log.info('hello'))) as Record<string, unknown>
    expect(line).toMatchObject({ process: 'test', msg: 'hello', level: 30 })
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/)
  })
})
