# A bare worker: what one request costs on workerd when nothing is done. The benchmarks measure
# beside it.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "hello", worker = .hello)],
  sockets = [(name = "http", address = @ADDRESS@, http = (), service = "hello")],
);

const hello :Workerd.Worker = (
  modules = [(name = "hello.js", esModule = embed "hello.js")],
  compatibilityDate = @COMPATIBILITY_DATE@,
);
