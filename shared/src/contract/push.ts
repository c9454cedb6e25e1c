// Devices that take pushes: the installed app on a phone, a browser on a desk.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

/** Devices of one user; of one more the oldest gives way. */
export const PUSH_DEVICES_MAX = 10

export const pushDeviceSchema = z
  .object({
    device_id: z.uuid(),
    /** What its browser calls itself; null where it did not say. */
    user_agent: z.string().nullable(),
    /** Of its endpoint, in hex: by it a browser knows itself. */
    endpoint_sha256: z.string(),
    created_at: instantText,
  })
  .openapi('PushDevice')
export type PushDevice = z.infer<typeof pushDeviceSchema>

export const pushDevicesSchema = z
  .object({
    /** What a browser subscribes with: an uncompressed point of P-256, base64url. */
    public_key: z.string(),
    devices: z.array(pushDeviceSchema),
  })
  .openapi('PushDevices')
export type PushDevices = z.infer<typeof pushDevicesSchema>

/** A browser's `PushSubscription`, as it writes itself in JSON. */
export const newPushDeviceSchema = z.object({
  /** At the push service of a known browser, and nowhere else. */
  endpoint: z
    .string()
    .min(1)
    .max(1_000)
    .openapi({ example: 'https://fcm.googleapis.com/fcm/send/abc' }),
  keys: z.object({
    p256dh: z.string().regex(/^B[\w-]{86}$/, { error: 'must be a point of P-256, base64url' }),
    auth: z.string().regex(/^[\w-]{22}$/, { error: 'must be 16 bytes, base64url' }),
  }),
})
export type NewPushDevice = z.infer<typeof newPushDeviceSchema>

const idParam = z.object({ id: z.uuid() })

export const listPushDevicesRoute = createRoute({
  method: 'get',
  path: '/api/v1/push/devices',
  summary: 'Your devices that take pushes, and the key to add one with',
  ...access('session'),
  responses: { 200: jsonAnswer(pushDevicesSchema, 'They'), ...problemAnswers },
})

export const addPushDeviceRoute = createRoute({
  method: 'post',
  path: '/api/v1/push/devices',
  summary: 'Let this device take your pushes until you remove it or sign out on it',
  ...access('session'),
  request: { body: jsonBody(newPushDeviceSchema) },
  responses: { 201: jsonAnswer(pushDeviceSchema, 'The device'), ...problemAnswers },
})

export const removePushDeviceRoute = createRoute({
  method: 'delete',
  path: '/api/v1/push/devices/{id}',
  summary: 'Send a device nothing any more',
  ...access('session'),
  request: { params: idParam },
  responses: { 204: { description: 'Gone' }, ...problemAnswers },
})
