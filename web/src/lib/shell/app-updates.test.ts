import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AppUpdates, type Container, type Worker } from './app-updates.ts'

class FakeWorker implements Worker {
  state = 'installing'
  readonly postMessage = vi.fn()
  hear: () => void = () => {}

  addEventListener(_: 'statechange', hear: () => void): void {
    this.hear = hear
  }

  become(state: string): void {
    this.state = state
    this.hear()
  }
}

describe('a newer build', () => {
  let registration: {
    waiting: FakeWorker | null
    installing: FakeWorker | null
    update: () => Promise<void>
    addEventListener: (type: 'updatefound', hear: () => void) => void
  }
  let updateFound: () => void
  let controllerChanged: () => void
  let container: Container & { controller: unknown }
  let timers: (() => void)[]
  const onReady = vi.fn()
  const reload = vi.fn()

  beforeEach(() => {
    onReady.mockClear()
    reload.mockClear()
    timers = []
    registration = {
      ...{ waiting: null, installing: null, update: vi.fn(async () => {}) },
      addEventListener: (_, hear) => (updateFound = hear),
    }
    container = {
      controller: 'the build before',
      register: async () => registration,
      addEventListener: (_, hear) => (controllerChanged = hear),
    }
  })

  async function start(): Promise<AppUpdates> {
    const after = (_: number, call: () => void) => {
      timers.push(call)
      return () => {}
    }
    const updates = new AppUpdates({ container, onReady, reload, after })
    await updates.start()
    return updates
  }

  function arrive(): FakeWorker {
    const worker = new FakeWorker()
    registration.installing = worker
    updateFound()
    registration.waiting = worker
    worker.become('installed')
    return worker
  }

  it('is told of once, when it waits', async () => {
    await start()
    arrive()
    arrive()
    expect(onReady).toHaveBeenCalledTimes(1)
    expect(reload).not.toHaveBeenCalled()
  })

  it('is told of when it waited before this page came', async () => {
    registration.waiting = new FakeWorker()
    await start()
    expect(onReady).toHaveBeenCalledTimes(1)
  })

  it('is no news where the worker is the first of all', async () => {
    container.controller = null
    await start()
    arrive()
    container.controller = 'the first'
    controllerChanged()
    expect([onReady, reload].flatMap(({ mock }) => mock.calls)).toEqual([])
  })

  it('takes over when the viewer wants it, and the page is loaded anew', async () => {
    const updates = await start()
    const worker = arrive()
    updates.apply()
    expect(worker.postMessage).toHaveBeenCalledWith('take over')
    expect(reload).not.toHaveBeenCalled()
    controllerChanged()
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('is loaded all the same when its worker does not answer', async () => {
    const updates = await start()
    arrive()
    updates.apply()
    for (const call of timers) call()
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('is told of where another tab let it take over', async () => {
    await start()
    controllerChanged()
    expect([onReady.mock.calls.length, reload.mock.calls.length]).toEqual([1, 0])
  })

  it('is not looked for where workers are refused', async () => {
    container.register = async () => Promise.reject(new Error('refused'))
    const updates = await start()
    await updates.check()
    updates.apply()
    expect(reload).toHaveBeenCalledTimes(1)
  })
})
