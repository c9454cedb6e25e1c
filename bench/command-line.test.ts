import { expect, test } from 'vitest'
import { helpText, readCommandLine } from './command-line.ts'

const options = { seconds: { help: 'seconds of load' }, seed: { help: 'the seed' } }

test('reads a name and whole numbers', () => {
  expect(readCommandLine(['settle', '--seconds', '5', '--seed=7'], options)).toEqual({
    name: 'settle',
    numbers: { seconds: 5, seed: 7 },
  })
})

test.each([[[]], [['--help']], [['-h']], [['--list']], [['settle', '--help']]])(
  '%j asks for help',
  (args) => expect(readCommandLine(args, options)).toEqual({ help: true }),
)

test.each([
  [['settle', '--seconds', 'five'], 'whole number'],
  [['settle', '--seconds', '-1'], ''],
  [['settle', '--colour', '1'], '--colour'],
  [['settle', 'accept'], 'one name at a time'],
])('refuses %j', (args, message) => {
  expect(() => readCommandLine(args, options)).toThrow(message)
})

test('the help names what there is to run and every option', () => {
  const text = helpText('npm run bench', [{ name: 'settle', summary: 'fills' }], options)
  expect(text).toMatch(/settle\s+fills/)
  expect(text).toMatch(/--seconds\s+seconds of load/)
})
