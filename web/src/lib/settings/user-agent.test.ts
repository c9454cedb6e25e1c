import { expect, it } from 'vitest'
import { deviceName } from './user-agent.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

it.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/139.0 Safari/537.36`,
    'Chrome · Windows',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/139.0 Safari/537.36 Edg/139.0`,
    'Edge · Windows',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/139.0 Whale/4.0 Safari/537.36`,
    'Whale · Windows',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14) ${WEBKIT} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36`,
    'Samsung Internet · Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1',
    'Safari · iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Firefox · macOS',
  ],
  ['curl/8.5.0', 'curl'],
  ['python-requests/2.32', 'python-requests/2.32'],
  ['x'.repeat(200), 'x'.repeat(40)],
  ['', null],
  [null, null],
])('calls %s: %s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name)
})
