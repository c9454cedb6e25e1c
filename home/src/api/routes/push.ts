// Devices that take pushes.

import { createECDH } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  addPushDeviceRoute,
  listPushDevicesRoute,
  removePushDeviceRoute,
} from '@motu/shared/contract/push.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { isPushEndpoint } from '../../push-endpoint.ts'
import { openPushKey, publicPushKey } from '../../push-keys.ts'
import type { ApiParts } from '../api.ts'
import { type ApiEnv, callerOf } from '../env.ts'
import { invalidRequest } from '../problem.ts'
import { addPushDevice, listPushDevices, removePushDevice } from '../queries/push-devices.ts'

export function addPushRoutes(app: OpenAPIHono<ApiEnv>, { sql, now, config }: ApiParts): void {
  const { keyFile, origins } = config.push

  app.openapi(listPushDevicesRoute, async (c) => {
    const { userId } = c.get('principal')
    const [key, devices] = await Promise.all([openPushKey(keyFile), listPushDevices(sql, userId)])
    return c.json({ public_key: publicPushKey(key), devices }, 200)
  })

  app.openapi(addPushDeviceRoute, async (c) => {
    const { userId, via } = c.get('principal')
    // The guard lets nobody else in; without the check the type would not know it.
    if (via.kind !== 'session') throw new DomainError('forbidden')
    const device = c.req.valid('json')
    const refused = (path: string[], message: string) => invalidRequest([{ path, message }])
    if (!isPushEndpoint(device.endpoint, origins)) {
      throw refused(['endpoint'], 'must be at the push service of a known browser')
    }
    if (!isPoint(device.keys.p256dh)) {
      throw refused(['keys', 'p256dh'], 'must be a point of P-256, base64url')
    }
    const { userAgent } = callerOf(c)
    const added = await addPushDevice(sql, { userId, sessionId: via.sid, userAgent, device }, now())
    return c.json(added, 201)
  })

  app.openapi(removePushDeviceRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await removePushDevice(sql, c.get('principal').userId, id))) {
      throw new DomainError('not-found', { detail: 'You have no device with this id.' })
    }
    return c.body(null, 204)
  })
}

/** Whether something could be encrypted for it. */
function isPoint(p256dh: string): boolean {
  const ours = createECDH('prime256v1')
  ours.generateKeys()
  try {
    return ours.computeSecret(Buffer.from(p256dh, 'base64url')).length > 0
  } catch {
    return false
  }
}
