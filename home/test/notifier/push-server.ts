// A local server that takes pushes as a browser's service does, and reads them as its devices would.

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwtVerify } from 'jose'
import { decryptPush, type DeviceKeys } from './push-device.ts'

export type ArrivedPush = {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** As the device reads it. */
  readonly payload: { title: string; body: string; path: string; tag: string }
}

export class PushServer {
  readonly arrived: ArrivedPush[] = []
  /** The devices, by the path of their endpoint. */
  readonly devices = new Map<string, DeviceKeys>()
  /** What it answers to a device's path, where it is not 201. */
  readonly statuses = new Map<string, number>()
  calls = 0
  /** What it takes for the time. */
  now: () => number = Date.now
  origin = ''
  readonly #server = createServer((request, response) => {
    void this.#take(request).then((status) =>
      response
        .writeHead(status, status === 302 ? { location: `${this.origin}/elsewhere` } : {})
        .end(),
    )
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this.origin
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage): Promise<number> {
    this.calls += 1
    const path = request.url!
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const status = this.statuses.get(path)
    if (status !== undefined) return status
    const device = this.devices.get(path)
    if (!device) return 404
    const { headers } = request
    if (!(await this.#isSigned(headers.authorization ?? ''))) return 403
    const payload = JSON.parse(decryptPush(Buffer.concat(chunks), device)) as ArrivedPush['payload']
    this.arrived.push({ path, headers, payload })
    return 201
  }

  /** As RFC 8292 says: by the key that is named, for this origin, and not for long. */
  async #isSigned(authorization: string): Promise<boolean> {
    const [, token = '', key = ''] = /^vapid t=([^,]+), k=([\w-]{87})$/.exec(authorization) ?? []
    if (token === '') return false
    const point = Buffer.from(key, 'base64url')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
      part.toString('base64url'),
    )
    const jwk = { kty: 'EC', crv: 'P-256', x: x!, y: y!, alg: 'ES256' }
    const currentDate = new Date(this.now())
    const { payload } = await jwtVerify(token, jwk, { audience: this.origin, currentDate })
    return typeof payload.sub === 'string' && payload.exp! * 1_000 <= this.now() + 86_400_000
  }
}
