// What one is told outside the app, and what is told of oneself: one method a call.

import type { NotificationSettings } from '@motu/shared/contract/notification-settings.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'

const SETTINGS = '/api/v1/users/me/notifications'

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
}
