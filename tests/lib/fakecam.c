// A V4L2 camera of 640x480 YUYV that is not there: preloaded, it answers open, close, ioctl and
// readlink for the node in FAKECAM_NODE, and for a metadata node beside it in FAKECAM_META.
//
// Pictures are made at their times, 30 a second or what S_PARM asks for, stamped with the
// monotonic clock. None is lost on the way, however late they are fetched: what is missing was
// planted. FAKECAM_MODE says what goes wrong, FAKECAM_AFTER after how many pictures:
//   ok           nothing
//   drop         every tenth picture is missing
//   busy         somebody else has it
//   perm         this user may not open it
//   stall        after some pictures no more come
//   unplug       after some pictures it is gone
//   otherformat  it gives nothing that anybody can read
//   stepwise, continuous, silent   it tells ranges of sizes and rates, none at all
//   tegra        a raw sensor on the CSI port
//   tegra-yuv    a camera there that sends ready pictures
//   frozen       opening it never ends
// FAKECAM_LOCK names a file that keeps one streamer at a time, across processes. All are needed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 640, HEIGHT = 480, BYTES = WIDTH * HEIGHT * 2, BUFFERS = 8, MOST_FDS = 1024 };
enum { NONE, CAMERA, METADATA };
#define MEMORY "fakecam"

static unsigned char kinds[MOST_FDS];   // what each descriptor of this process is
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int streamer = -1;               // the descriptor that has the buffers
static int lock;                        // its own: one at a time, across processes
static unsigned queue[BUFFERS], queued; // buffers to be filled, the first first
static struct v4l2_fract period = {1, 30};
static struct timespec began;
static unsigned number;                 // of the next picture
static unsigned char *memory;

static int is_mode(const char *mode) { return !strcmp(getenv("FAKECAM_MODE"), mode); }

static int fail(int code) {
  errno = code;
  return -1;
}

static int kind_of(const char *path) {
  if (!strcmp(path, getenv("FAKECAM_NODE"))) return CAMERA;
  return strcmp(path, getenv("FAKECAM_META")) ? NONE : METADATA;
}

static int open_fake(int kind) {
  if (is_mode("perm")) return fail(EACCES);
  if (is_mode("frozen")) for (;;) pause();
  int fd = memfd_create(MEMORY, MFD_CLOEXEC);
  if (fd < 0) return -1;
  if (fd >= MOST_FDS || ftruncate(fd, (off_t)BYTES * BUFFERS)) {
    syscall(SYS_close, fd);
    return fail(EMFILE);
  }
  kinds[fd] = kind;
  return fd;
}

static void let_go(int fd) {
  if (streamer != fd) return;
  munmap(memory, (size_t)BYTES * BUFFERS);
  syscall(SYS_close, lock);
  streamer = -1;
}

static int take(int fd) {
  if (streamer == fd) return 0;
  if (is_mode("busy") || streamer >= 0) return fail(EBUSY);
  int mine = syscall(SYS_openat, AT_FDCWD, getenv("FAKECAM_LOCK"), O_CREAT | O_CLOEXEC, 0600);
  if (flock(mine, LOCK_EX | LOCK_NB)) {
    syscall(SYS_close, mine);
    return fail(EBUSY);
  }
  lock = mine;
  memory = mmap(NULL, (size_t)BYTES * BUFFERS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  streamer = fd;
  queued = 0;
  return 0;
}

// What it is and offers.

static uint32_t pixel_format(void) {
  if (is_mode("tegra")) return V4L2_PIX_FMT_SRGGB10;
  return is_mode("otherformat") ? V4L2_PIX_FMT_SN9C10X : V4L2_PIX_FMT_YUYV;
}

static int tell_capability(int kind, struct v4l2_capability *told) {
  int is_tegra = is_mode("tegra") || is_mode("tegra-yuv");
  memset(told, 0, sizeof *told);
  strcpy((char *)told->driver, is_tegra ? "tegra-video" : "uvcvideo");
  strcpy((char *)told->card, is_tegra ? "vi-output, imx219 9-0010" : "Fake Camera");
  strcpy((char *)told->bus_info, is_tegra ? "platform:tegra-capture-vi:1" : "usb-fake-1.2");
  told->device_caps = V4L2_CAP_STREAMING;
  told->device_caps |= kind == CAMERA ? V4L2_CAP_VIDEO_CAPTURE : V4L2_CAP_META_CAPTURE;
  told->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING;
  told->capabilities |= V4L2_CAP_DEVICE_CAPS;
  return 0;
}

static int tell_format(struct v4l2_fmtdesc *told) {
  if (told->index || told->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
  told->flags = 0;
  told->pixelformat = pixel_format();
  return 0;
}

static int is_range(void) { return is_mode("stepwise") || is_mode("continuous"); }

static int tell_size(struct v4l2_frmsizeenum *told) {
  if (told->index || told->pixel_format != pixel_format()) return fail(EINVAL);
  if (is_mode("silent")) return fail(ENOTTY);
  if (is_range()) {
    int step = is_mode("stepwise") ? 16 : 1;
    told->type = step > 1 ? V4L2_FRMSIZE_TYPE_STEPWISE : V4L2_FRMSIZE_TYPE_CONTINUOUS;
    told->stepwise = (struct v4l2_frmsize_stepwise){160, WIDTH, step, 120, HEIGHT, step};
  } else {
    told->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    told->discrete = (struct v4l2_frmsize_discrete){WIDTH, HEIGHT};
  }
  return 0;
}

static int tell_interval(struct v4l2_frmivalenum *told) {
  static const struct v4l2_fract offered[] = {{1, 15}, {1, 30}, {1001, 30000}, {0, 0}};
  if (told->width != WIDTH || told->height != HEIGHT) return fail(EINVAL);
  if (is_range()) {
    if (told->index) return fail(EINVAL);
    int is_stepwise = is_mode("stepwise");
    told->type = is_stepwise ? V4L2_FRMIVAL_TYPE_STEPWISE : V4L2_FRMIVAL_TYPE_CONTINUOUS;
    told->stepwise = (struct v4l2_frmival_stepwise){{1, 30}, {1, 5}, {1, 30}};
    return 0;
  }
  if (told->index >= sizeof offered / sizeof *offered) return fail(EINVAL);
  told->type = V4L2_FRMIVAL_TYPE_DISCRETE;
  told->discrete = offered[told->index];
  return 0;
}

static int set_format(int fd, struct v4l2_format *told) {
  if (told->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
  if (fd >= 0 && take(fd)) return -1;
  memset(&told->fmt, 0, sizeof told->fmt);
  told->fmt.pix = (struct v4l2_pix_format){
      .width = WIDTH, .height = HEIGHT, .pixelformat = pixel_format(), .field = V4L2_FIELD_NONE,
      .bytesperline = WIDTH * 2, .sizeimage = BYTES, .colorspace = V4L2_COLORSPACE_SRGB};
  return 0;
}

static int set_period(struct v4l2_streamparm *told, int is_set) {
  if (told->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
  struct v4l2_fract asked = told->parm.capture.timeperframe;
  if (is_set && asked.numerator && asked.denominator)
    period = (struct v4l2_fract){1, asked.denominator / asked.numerator <= 15 ? 15 : 30};
  memset(&told->parm, 0, sizeof told->parm);
  told->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  told->parm.capture.timeperframe = period;
  return 0;
}

// Its pictures.

static int give_buffers(int fd, struct v4l2_requestbuffers *told) {
  if (told->memory != V4L2_MEMORY_MMAP) return fail(EINVAL);
  if (!told->count) let_go(fd);
  else if (take(fd)) return -1;
  if (told->count > BUFFERS) told->count = BUFFERS;
  return 0;
}

static void describe(struct v4l2_buffer *told, unsigned index) {
  told->index = index;
  told->length = BYTES;
  told->m.offset = index * BYTES;
  told->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
}

static int enqueue(int fd, struct v4l2_buffer *told) {
  if (fd != streamer || told->index >= BUFFERS) return fail(EINVAL);
  pthread_mutex_lock(&mutex);
  if (queued < BUFFERS) queue[queued++] = told->index;
  pthread_mutex_unlock(&mutex);
  return 0;
}

static int start(int fd) {
  if (fd != streamer) return fail(EINVAL);
  number = 0;
  return clock_gettime(CLOCK_MONOTONIC, &began);
}

static void paint(unsigned char *to) {
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++, to += 2) {
      to[0] = (x + y / 2 + number * 4) % 220 + 16;
      to[1] = 128;
    }
}

static struct timespec time_of(unsigned picture) {
  uint64_t ns = (uint64_t)picture * 1000000000u * period.numerator / period.denominator;
  struct timespec at = {began.tv_sec + ns / 1000000000u, began.tv_nsec + ns % 1000000000u};
  if (at.tv_nsec >= 1000000000) at.tv_sec++, at.tv_nsec -= 1000000000;
  return at;
}

static int dequeue(int fd, struct v4l2_buffer *told) {
  if (fd != streamer) return fail(EINVAL);
  int is_after = number >= (unsigned)atoi(getenv("FAKECAM_AFTER"));
  if (is_mode("stall") && is_after) for (;;) pause();
  if (is_mode("unplug") && is_after) return fail(ENODEV);
  if (is_mode("drop") && number % 10 == 9) number++;
  struct timespec at = time_of(number + 1);  // it is exposed for one period
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL)) continue;
  pthread_mutex_lock(&mutex);
  unsigned index = queue[0];
  int is_one = queued > 0;
  if (is_one) memmove(queue, queue + 1, --queued * sizeof *queue);
  pthread_mutex_unlock(&mutex);
  if (!is_one) return fail(EIO);
  paint(memory + (size_t)index * BYTES);
  describe(told, index);
  told->bytesused = BYTES;
  told->field = V4L2_FIELD_NONE;
  told->sequence = number++;
  told->timestamp = (struct timeval){at.tv_sec, at.tv_nsec / 1000};
  return 0;
}

static int answer(int fd, unsigned long request, void *told) {
  if (request == VIDIOC_QUERYCAP) return tell_capability(kinds[fd], told);
  if (kinds[fd] == METADATA) return fail(ENOTTY);
  switch (request) {
    case VIDIOC_ENUM_FMT: return tell_format(told);
    case VIDIOC_ENUM_FRAMESIZES: return tell_size(told);
    case VIDIOC_ENUM_FRAMEINTERVALS: return tell_interval(told);
    case VIDIOC_G_FMT:
    case VIDIOC_TRY_FMT: return set_format(-1, told);
    case VIDIOC_S_FMT: return set_format(fd, told);
    case VIDIOC_G_PARM: return set_period(told, 0);
    case VIDIOC_S_PARM: return set_period(told, 1);
    case VIDIOC_G_INPUT: *(int *)told = 0; return 0;
    case VIDIOC_ENUMINPUT: return ((struct v4l2_input *)told)->index ? fail(EINVAL) : 0;
    case VIDIOC_REQBUFS: return give_buffers(fd, told);
    case VIDIOC_QUERYBUF: describe(told, ((struct v4l2_buffer *)told)->index); return 0;
    case VIDIOC_QBUF: return enqueue(fd, told);
    case VIDIOC_DQBUF: return dequeue(fd, told);
    case VIDIOC_STREAMON: return start(fd);
    case VIDIOC_STREAMOFF: return 0;
  }
  return fail(ENOTTY);
}

// What stands before the C library's own.

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  int kind = kind_of(path);
  return kind ? open_fake(kind) : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
  if (fd >= 0 && fd < MOST_FDS && kinds[fd]) {
    let_go(fd);
    kinds[fd] = NONE;
  }
  return (int)syscall(SYS_close, fd);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *told = va_arg(rest, void *);
  va_end(rest);
  if (fd >= 0 && fd < MOST_FDS && kinds[fd]) return answer(fd, request, told);
  return (int)syscall(SYS_ioctl, fd, request, told);
}

// Who looks into /proc/PID/fd finds the node, in other processes too.
ssize_t readlink(const char *path, char *target, size_t size) {
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, path, target, size);
  size_t mark = strlen("/memfd:" MEMORY);
  if (length < (ssize_t)mark || strncmp(target, "/memfd:" MEMORY, mark)) return length;
  size_t whole = strlen(getenv("FAKECAM_NODE"));
  if (whole < size) size = whole;
  memcpy(target, getenv("FAKECAM_NODE"), size);
  return size;
}
