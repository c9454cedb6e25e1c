// However often something changes, it is drawn once per frame: the newest state wins.

/** Asks for a call in the next frame; asked twice, it is still one. `stop` calls it off. */
export type FrameCall = { ask: () => void; stop: () => void }

export type Frames = {
  request: (call: () => void) => number
  cancel: (id: number) => void
}

const BROWSER_FRAMES: Frames = {
  request: (call) => requestAnimationFrame(call),
  cancel: (id) => cancelAnimationFrame(id),
}

export function perFrame(call: () => void, frames: Frames = BROWSER_FRAMES): FrameCall {
  let asked: number | null = null
  return {
    ask: () => {
      asked ??= frames.request(() => {
        asked = null
        call()
      })
    },
    stop: () => {
      if (asked !== null) frames.cancel(asked)
      asked = null
    },
  }
}
