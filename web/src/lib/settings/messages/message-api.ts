// What one is told outside the app, and what is told of oneself: one method a call.

import type { NotificationSettings } from '@motu/shared/contract/notification-settings.ts'
import type { NewPushDevice, PushDevice, PushDevices } from '@motu/shared/contract/push.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'

const SETTINGS = '/api/v1/users/me/notifications'
const DEVICES = '/api/v1/push/devices'

export class MessageApi {
  readonly #api: Pick<Api, 'signed'>

  constructor(api: Pick<Api, 'signed'>) {
    this.#api = api
  }

  settings(): Promise<Answer<NotificationSettings>> {
    return this.#api.signed({ method: 'GET', path: SETTINGS })
  }

  choose(settings: NotificationSettings): Promise<Answer<NotificationSettings>> {
    return this.#api.signed({ method: 'PUT', path: SETTINGS, body: settings })
  }

  devices(): Promise<Answer<PushDevices>> {
    return this.#api.signed({ method: 'GET', path: DEVICES })
  }

  addDevice(device: NewPushDevice): Promise<Answer<PushDevice>> {
    return this.#api.signed({ method: 'POST', path: DEVICES, body: device })
  }

  removeDevice(id: string): Promise<Answer<undefined>> {
    return this.#api.signed({ method: 'DELETE', path: `${DEVICES}/${id}` })
  }
}
