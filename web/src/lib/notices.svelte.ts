// What the user should know of his account: fetched when he arrives, shown in the menu and settings.

import type { Notice } from '@motu/shared/contract/sessions.ts'
import type { Api } from './api.ts'
import type { Answer } from './http.ts'
import { Resource } from './resource.svelte.ts'

const PATH = '/api/v1/users/me/notices'

export class Notices extends Resource<Notice[]> {
  readonly #api: Api

  constructor(api: Api) {
    super(async () => {
      const answer = await api.signed<{ notices: Notice[] }>({ method: 'GET', path: PATH })
      return answer.ok ? { ...answer, data: answer.data.notices } : answer
    })
    this.#api = api
  }

  get unread(): number {
    return this.data?.filter(({ read_at }) => read_at === null).length ?? 0
  }

  async read(noticeId: string): Promise<Answer<undefined>> {
    const path = `${PATH}/${noticeId}/read`
    const answer = await this.#api.signed<undefined>({ method: 'POST', path })
    await this.load()
    return answer
  }
}
