/*
 * A load of requests for one server: many connections, one thread, one line of JSON with what came of it.
 *
 *   load ADDRESS PORT [--name value]...
 *
 *   --request TEXT      what is sent; {n} becomes the next number, {c} the number of the connection
 *   --numbers A:B       the numbers, each once in every round, in an order that leaps (default 1:1)
 *   --count M           how many requests (default 1000)
 *   --connections N     how many connections at once (default 1)
 *   --depth D           how many requests are sent in one write, before their replies are waited for (default 1)
 *   --ends TEXT         what a reply ends with, seen --times times in it (default CRLF, once)
 *   --times K
 *   --each 1            a connection for each request; its reply ends with the connection
 *   --hold 1            every connection sends as many requests, and all stay open until standard input ends
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_request = 2048, receive_bytes = 1 << 18, events_at_once = 512, leap = 7919, first_connection = 10000 };

struct connection {
  int fd, index;
  int waiting;     /* replies that are still to come of those asked for */
  int seen;        /* ends seen in the present reply; with --each: whether any of it came */
  int matched;     /* characters of the end matched so far */
  long left;       /* with --hold: requests left */
  long asked;      /* with --hold: requests sent */
  uint64_t began;  /* ns */
  size_t out_length, out_sent;
  char *out;
};

static struct sockaddr_in server;
static const char *request = "", *reply_end = "\r\n";
static size_t reply_end_length;
static long first_number = 1, numbers = 1, count = 1000, connections = 1, depth = 1, times = 1;
static int each, hold, epoll;
static long begun, done, failed, dropped;
static uint64_t bytes;
static uint32_t *latency_us;
static int fallback[64];
static char received[receive_bytes];

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "load: cannot %s: %s\n", what, strerror(errno));
  exit(1);
}

/* Writes the next request; returns its length. Held connections each go through numbers of their own. */
static size_t write_request(char *to, struct connection *c) {
  long sequence = hold ? c->index * (count / connections) + c->asked++ : begun;
  long number = first_number + (sequence * leap) % numbers;
  char *at = to;
  for (const char *from = request; *from;) {
    if (from[0] == '{' && (from[1] == 'n' || from[1] == 'c') && from[2] == '}') {
      at += sprintf(at, "%ld", from[1] == 'n' ? number : (long)first_connection + c->index);
      from += 3;
    } else {
      *at++ = *from++;
    }
  }
  begun++;
  return (size_t)(at - to);
}

static void watch(struct connection *c, int operation, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(epoll, operation, c->fd, &event) < 0) fail("watch a connection");
}

static void send_rest(struct connection *c, int watched) {
  while (c->out_sent < c->out_length) {
    ssize_t sent = send(c->fd, c->out + c->out_sent, c->out_length - c->out_sent, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) break;
    if (sent < 0) break; /* the reply, or its absence, will tell */
    c->out_sent += (size_t)sent;
  }
  uint32_t events = c->out_sent < c->out_length ? EPOLLIN | EPOLLOUT : EPOLLIN;
  if (!watched) watch(c, EPOLL_CTL_ADD, events);
  else if (events != EPOLLIN) watch(c, EPOLL_CTL_MOD, events);
}

static int connect_socket(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  if (fd < 0) fail("make a socket");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) fail("connect");
  return fd;
}

/* Sends the next batch; false if there is nothing left to ask. */
static int ask(struct connection *c, int watched) {
  long batch = hold ? c->left : count - begun;
  if (batch > depth) batch = depth;
  if (batch <= 0) return 0;
  if (each) c->fd = connect_socket();
  c->left -= batch;
  c->waiting = (int)batch;
  c->out_length = c->out_sent = 0;
  while (batch-- > 0) c->out_length += write_request(c->out + c->out_length, c);
  c->began = now_ns();
  send_rest(c, watched);
  return 1;
}

static void note_done(struct connection *c) {
  latency_us[done++] = (uint32_t)((now_ns() - c->began) / 1000);
}

/* Counts the ends of replies in what came; returns how many replies became whole. */
static int count_replies(struct connection *c, size_t length) {
  int whole = 0;
  for (size_t i = 0; i < length; i++) {
    while (c->matched > 0 && received[i] != reply_end[c->matched]) c->matched = fallback[c->matched];
    if (received[i] == reply_end[c->matched]) c->matched++;
    if (c->matched < (int)reply_end_length) continue;
    c->matched = 0;
    if (++c->seen < times) continue;
    c->seen = 0;
    whole++;
  }
  return whole;
}

/* A connection for each request: the bytes are counted, not copied. */
static void receive_to_end(struct connection *c) {
  for (;;) {
    ssize_t length = recv(c->fd, received, 1 << 24, MSG_TRUNC);
    if (length > 0) {
      bytes += (uint64_t)length;
      c->seen = 1;
      continue;
    }
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0 || !c->seen) failed++;
    c->seen = 0;
    note_done(c);
    close(c->fd);
    ask(c, 0);
    return;
  }
}

static void receive(struct connection *c) {
  ssize_t length = recv(c->fd, received, sizeof received, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    dropped++;
    failed += c->waiting;
    while (c->waiting-- > 0) note_done(c);
    close(c->fd);
    return;
  }
  bytes += (uint64_t)length;
  for (int whole = count_replies(c, (size_t)length); whole > 0; whole--) {
    note_done(c);
    c->waiting--;
  }
  if (c->waiting == 0) ask(c, 1);
}

static void prepare_fallback(void) {
  reply_end_length = strlen(reply_end);
  if (reply_end_length == 0 || reply_end_length >= 64) fail("use the end of replies");
  for (size_t i = 1, matched = 0; i < reply_end_length; i++) {
    while (matched > 0 && reply_end[i] != reply_end[matched]) matched = (size_t)fallback[matched];
    if (reply_end[i] == reply_end[matched]) matched++;
    fallback[i + 1] = (int)matched;
  }
}

static void read_options(int argc, char **argv) {
  if (argc < 3) fail("start: usage: load ADDRESS PORT [--name value]...");
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(argv[2]));
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) fail("use the address");
  for (int i = 3; i + 1 < argc; i += 2) {
    const char *name = argv[i] + 2, *value = argv[i + 1];
    if (!strcmp(name, "request")) request = value;
    else if (!strcmp(name, "ends")) reply_end = value;
    else if (!strcmp(name, "times")) times = atol(value);
    else if (!strcmp(name, "count")) count = atol(value);
    else if (!strcmp(name, "connections")) connections = atol(value);
    else if (!strcmp(name, "depth")) depth = atol(value);
    else if (!strcmp(name, "each")) each = atoi(value);
    else if (!strcmp(name, "hold")) hold = atoi(value);
    else if (!strcmp(name, "numbers")) {
      long last = 1;
      if (sscanf(value, "%ld:%ld", &first_number, &last) != 2) fail("read the numbers");
      numbers = last - first_number + 1;
    } else fail("understand an option");
  }
  if (strlen(request) + 64 > max_request) fail("use so long a request");
}

static int by_size(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void report(double seconds) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  qsort(latency_us, (size_t)done, sizeof *latency_us, by_size);
  printf("{\"requests\":%ld,\"failed\":%ld,\"dropped\":%ld,\"seconds\":%.6f,\"perSecond\":%.1f,\"bytes\":%llu,"
    "\"p50us\":%u,\"p99us\":%u,\"maxus\":%u,\"loadCpu\":%.3f}\n",
    done, failed, dropped, seconds, (double)done / seconds, (unsigned long long)bytes,
    latency_us[done / 2], latency_us[done * 99 / 100], latency_us[done - 1], cpu / seconds);
  fflush(stdout);
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  prepare_fallback();
  latency_us = calloc((size_t)count + 1, sizeof *latency_us);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  epoll = epoll_create1(0);
  if (latency_us == NULL || all == NULL || epoll < 0) fail("begin");
  uint64_t began = now_ns();
  for (long i = 0; i < connections; i++) {
    struct connection *c = &all[i];
    c->index = (int)i;
    c->left = count / connections;
    c->out = malloc((size_t)depth * max_request);
    if (c->out == NULL) fail("take memory");
    if (!each) c->fd = connect_socket();
    ask(c, 0);
  }
  struct epoll_event events[events_at_once];
  long goal = hold ? count / connections * connections : count;
  while (done < goal && dropped < connections) {
    int ready = epoll_wait(epoll, events, events_at_once, 30000);
    if (ready == 0) {
      errno = ETIMEDOUT;
      fail("go on: no reply for 30 s");
    }
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      if ((events[i].events & EPOLLOUT) && c->out_sent < c->out_length) {
        send_rest(c, 1);
        if (c->out_sent == c->out_length) watch(c, EPOLL_CTL_MOD, EPOLLIN);
      }
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) each ? receive_to_end(c) : receive(c);
    }
  }
  report((double)(now_ns() - began) / 1e9);
  if (hold) while (read(0, received, sizeof received) > 0) {}
  return 0;
}
