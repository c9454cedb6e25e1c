// Where pushes may be sent: each way to name a place of our own network is refused.

import { expect, it } from 'vitest'
import { isPushEndpoint, PUSH_ENDPOINT_LENGTH_MAX } from './push-endpoint.ts'

const FCM = 'https://fcm.googleapis.com/fcm/send/abc:def'

it.each([
  FCM,
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QLpE',
  'https://wns2-par02p.notify.windows.com/w/?token=BQ%3d',
  FCM + 'x'.repeat(PUSH_ENDPOINT_LENGTH_MAX - FCM.length),
])('takes %s', (endpoint) => {
  expect(isPushEndpoint(endpoint)).toBe(true)
})

it.each([
  ...['http://fcm.googleapis.com/fcm/send/abc', 'https://fcm.googleapis.com:8443/x'],
  ...['https://fcm.googleapis.com.evil.example/x', 'https://evil.example/fcm.googleapis.com'],
  ...['https://fcm.googleapis.com@10.0.0.1/x', 'https://u:p@fcm.googleapis.com/x'],
  ...['https://evilpush.apple.com.example/x', 'https://notify.windows.com/x'],
  ...['https://evilnotify.windows.com/x', 'https://127.0.0.1/x', 'https://10.0.0.1/x'],
  ...[
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://localhost/x',
    'https://2130706433/',
  ],
  ...[
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'ftp://web.push.apple.com/',
  ],
  ...['//fcm.googleapis.com/x', 'fcm.googleapis.com', '', ' ', 'https://fcm.googleapis.com./x'],
  FCM + 'x'.repeat(PUSH_ENDPOINT_LENGTH_MAX - FCM.length + 1),
  `${FCM}#there`,
])('refuses %s', (endpoint) => {
  expect(isPushEndpoint(endpoint)).toBe(false)
})

it('takes what the environment allows besides, by its whole origin', () => {
  const origins = ['http://127.0.0.1:9000']
  expect(isPushEndpoint('http://127.0.0.1:9000/push/1', origins)).toBe(true)
  expect(isPushEndpoint('http://127.0.0.1:9001/push/1', origins)).toBe(false)
  expect(isPushEndpoint('http://a:b@127.0.0.1:9000/push/1', origins)).toBe(false)
})
