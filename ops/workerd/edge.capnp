# workerd's configuration of the edge. `edge/build.ts` fills in what stands between @ signs; secrets
# come from the environment and never stand in this file.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "assets", worker = .assets),
    (name = "files", disk = (path = @WEB_DIR@)),
    (name = "objects", disk = (path = @OBJECTS_DIR@, writable = true)),
    # Home and RabbitMQ stand on private addresses.
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true),
    )),
  ],
  sockets = [(name = "http", address = @ADDRESS@, http = (), service = "edge")],
);

const edge :Workerd.Worker = (
  modules = [(name = "edge.js", esModule = embed "edge.js")],
  compatibilityDate = @COMPATIBILITY_DATE@,
  bindings = [
    (name = "HOME_URL", text = @HOME_URL@),
    (name = "QUEUE_PREFIX", text = @QUEUE_PREFIX@),
    (name = "ALLOWED_ORIGINS", text = @ALLOWED_ORIGINS@),
    # Whose X-Forwarded-For counts; empty for the private networks.
    (name = "TRUSTED_PROXIES", text = @TRUSTED_PROXIES@),
    (name = "VERSION", text = @VERSION@),
    # The broker's address carries its password.
    (name = "AMQP_URL", fromEnvironment = "MOTU_AMQP_URL"),
    # `off`, or JSON that changes some of the limits of edge/src/rate-limit.ts.
    (name = "LIMITS", fromEnvironment = "MOTU_LIMITS"),
    (name = "INTERNAL_SECRET", fromEnvironment = "MOTU_INTERNAL_SECRET"),
    # Whose interactions count; without it Discord is not heard here.
    (name = "DISCORD_PUBLIC_KEY", fromEnvironment = "DISCORD_PUBLIC_KEY"),
    (name = "DISCORD_URL", fromEnvironment = "MOTU_DISCORD_URL"),
    # The edge's own webhook: it tells that home is down, since home cannot.
    (name = "HOME_ALERT_WEBHOOK_URL", fromEnvironment = "MOTU_EDGE_ALERT_WEBHOOK_URL"),
    (name = "HOME_ALERT_AFTER_SECONDS", fromEnvironment = "MOTU_EDGE_ALERT_AFTER_SECONDS"),
    (name = "MAILBOX", durableObjectNamespace = "Mailbox"),
    (name = "HUB", durableObjectNamespace = "Hub"),
    (name = "LAST_GOOD", durableObjectNamespace = "LastGood"),
    (name = "BOT_DESK", durableObjectNamespace = "BotDesk"),
    (name = "ASSETS", service = "assets"),
  ],
  # The unique keys name the folders of the objects' disks: a change of one loses what they hold.
  durableObjectNamespaces = [
    (className = "Mailbox", uniqueKey = "motu-mailbox", enableSql = true, preventEviction = true),
    (className = "Hub", uniqueKey = "motu-hub", enableSql = true, preventEviction = true),
    (className = "LastGood", uniqueKey = "motu-last-good", enableSql = true),
    (className = "BotDesk", uniqueKey = "motu-bot-desk", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects"),
);

const assets :Workerd.Worker = (
  modules = [(name = "assets.js", esModule = embed "assets.js")],
  compatibilityDate = @COMPATIBILITY_DATE@,
  bindings = [(name = "FILES", service = "files")],
);
