// What is told of pushes by the environment, and what is refused.

import { expect, it } from 'vitest'
import { readPushSettings } from './push-settings.ts'

it('has defaults', () => {
  expect(readPushSettings({})).toEqual({
    ...{ keyFile: '.motu/push-key.json', contact: 'mailto:nobody@example.com', origins: [] },
  })
  const { contact } = readPushSettings({ MOTU_PUBLIC_ORIGIN: 'https://motu.example' })
  expect(contact).toBe('https://motu.example')
})

it('takes what is said', () => {
  const origins = ['https://push.example', 'http://127.0.0.1:9000']
  const env = { MOTU_PUSH_ORIGINS: origins.join(','), MOTU_PUSH_CONTACT: 'mailto:me@motu.example' }
  expect(readPushSettings(env)).toMatchObject({ origins, contact: 'mailto:me@motu.example' })
})

it.each([
  { MOTU_PUSH_ORIGINS: 'http://10.0.0.1' },
  { MOTU_PUSH_ORIGINS: 'https://push.example/' },
  { MOTU_PUSH_ORIGINS: '*' },
  { MOTU_PUSH_CONTACT: 'me' },
  { MOTU_PUSH_CONTACT: 'http://motu.example' },
])('refuses %j', (env) => {
  expect(() => readPushSettings(env)).toThrow(Object.keys(env)[0])
})
