// A plugin in C that sends a mail with an attachment, and reads what became of each recipient.
//
// wit-bindgen c ../wit --world plugin
// clang --target=wasm32-wasi -mexec-model=reactor -O2 mail.c plugin.c plugin_component_type.o -o plugin.core.wasm
// wasm-tools component new plugin.core.wasm --adapt wasi_snapshot_preview1.reactor.wasm -o plugin.wasm
// host run --allow HOST:PORT plugin.wasm HOST PORT FROM TO…

#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef smtp_transporter_types_mailbox_t mailbox;

static plugin_string_t text(const char *given) {
  return (plugin_string_t){.ptr = (uint8_t *)given, .len = strlen(given)};
}

static plugin_option_string_t some(const char *given) {
  return (plugin_option_string_t){.is_some = true, .val = text(given)};
}

static void say(FILE *to, const char *before, plugin_string_t said, const char *after) {
  fprintf(to, "%s%.*s%s", before, (int)said.len, (const char *)said.ptr, after);
}

// The value of an environment variable, where it is granted.
static plugin_option_string_t variable(plugin_list_tuple2_string_string_t *environment, const char *name) {
  for (size_t i = 0; i < environment->len; i++) {
    plugin_tuple2_string_string_t *entry = &environment->ptr[i];
    if (entry->f0.len == strlen(name) && memcmp(entry->f0.ptr, name, entry->f0.len) == 0)
      return (plugin_option_string_t){.is_some = true, .val = entry->f1};
  }
  return (plugin_option_string_t){.is_some = false};
}

static int port_of(plugin_string_t given) {
  char digits[8] = {0};
  if (given.len == 0 || given.len >= sizeof digits) return 0;
  memcpy(digits, given.ptr, given.len);
  return atoi(digits);
}

bool exports_wasi_cli_run_run(void) {
  plugin_list_string_t arguments;
  wasi_cli_environment_get_arguments(&arguments);
  plugin_list_tuple2_string_string_t environment;
  wasi_cli_environment_get_environment(&environment);
  int port = arguments.len > 4 ? port_of(arguments.ptr[2]) : 0;
  if (port <= 0 || port > 65535) {
    fprintf(stderr, "usage: HOST PORT FROM TO…\n");
    return false;
  }

  // What is not named here is zero: an option that is none, a list that is empty.
  smtp_transporter_types_server_t server = {.host = arguments.ptr[1]};
  server.port = (plugin_option_u16_t){.is_some = true, .val = (uint16_t)port};
  server.user = variable(&environment, "MAIL_USER");
  plugin_option_string_t password = variable(&environment, "MAIL_PASSWORD");
  if (password.is_some) {
    server.password.is_some = true;
    server.password.val.tag = SMTP_TRANSPORTER_SECRETS_SECRET_VALUE;
    server.password.val.val.value = password.val;
  }
  server.accept_unsecure_connection = (plugin_option_bool_t){.is_some = true, .val = !server.user.is_some};

  size_t count = arguments.len - 4;
  mailbox from = {.email = arguments.ptr[3]};
  mailbox *to = calloc(count, sizeof *to);
  if (to == NULL) return false;
  for (size_t i = 0; i < count; i++) to[i].email = arguments.ptr[4 + i];
  smtp_transporter_types_attachment_t figures = {.name = some("figures.csv")};
  figures.content.tag = SMTP_TRANSPORTER_TYPES_CONTENT_TEXT;
  figures.content.val.text = text("month,mails\nJanuary,31\nFebruary,28\n");
  smtp_transporter_types_mail_t mail = {
      .from = {.ptr = &from, .len = 1},
      .to = {.ptr = to, .len = count},
      .subject = some("From a plugin"),
      .text_body = some("The figures are in the attachment.\n"),
      .attachments = {.ptr = &figures, .len = 1},
  };

  smtp_transporter_transporter_own_transporter_t transporter;
  smtp_transporter_types_receipt_t receipt;
  smtp_transporter_types_send_error_t error;
  if (!smtp_transporter_transporter_new_transporter(&server, &transporter, &error)) {
    say(stderr, "not sent: ", error.message, "\n");
    return false;
  }
  bool sent = smtp_transporter_transporter_method_transporter_send(
      smtp_transporter_transporter_borrow_transporter(transporter), &mail, &receipt, &error);
  smtp_transporter_transporter_transporter_drop_own(transporter);
  if (!sent) {
    say(stderr, "not sent: ", error.message, "\n");
    return false;
  }
  printf("sent: %u ", receipt.reply.status);
  say(stdout, "", receipt.reply.text, "\n");
  // The others got the mail although one was refused: each recipient has an answer of its own.
  for (size_t i = 0; i < receipt.recipients.len; i++) {
    smtp_transporter_types_recipient_result_t *one = &receipt.recipients.ptr[i];
    say(stdout, one->accepted ? "accepted: " : "refused: ", one->email, "");
    printf(" (%u ", one->reply.status);
    say(stdout, "", one->reply.text, ")\n");
  }
  fflush(stdout);
  return true;
}
