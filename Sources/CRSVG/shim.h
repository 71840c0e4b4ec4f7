/* The functions of librsvg, cairo and GLib that turn an SVG into a PNG, with the types they need. Their own headers
   want a flag (-pthread) that the package manager refuses with a warning, and bring some forty headers of GLib; these
   declarations are of interfaces that may not change (librsvg 2.52, cairo 1.0, GLib 2.0, and later).

   The program is not linked with the libraries: it loads them when a PNG is asked for (RSVGLibrary.swift). */
#ifndef ENSUE_CRSVG_H
#define ENSUE_CRSVG_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t domain;
  int code;
  char *message;
} GError;
void g_error_free(GError *error);
void g_object_unref(void *object);

typedef struct _cairo_surface cairo_surface_t;
typedef struct _cairo cairo_t;
enum { CAIRO_STATUS_SUCCESS = 0, CAIRO_FORMAT_ARGB32 = 0 };
typedef int (*cairo_write_func_t)(void *closure, const unsigned char *data, unsigned int length);
cairo_surface_t *cairo_image_surface_create(int format, int width, int height);
int cairo_surface_write_to_png_stream(cairo_surface_t *surface, cairo_write_func_t write, void *closure);
void cairo_surface_destroy(cairo_surface_t *surface);
cairo_t *cairo_create(cairo_surface_t *target);
int cairo_status(cairo_t *context);
void cairo_destroy(cairo_t *context);

typedef struct _RsvgHandle RsvgHandle;
typedef struct {
  double x, y, width, height;
} RsvgRectangle;
RsvgHandle *rsvg_handle_new_from_data(const uint8_t *data, size_t length, GError **error);
int rsvg_handle_get_intrinsic_size_in_pixels(RsvgHandle *handle, double *width, double *height);
int rsvg_handle_render_document(RsvgHandle *handle, cairo_t *context, const RsvgRectangle *viewport, GError **error);

#define ENSUE_RSVG_FUNCTIONS(each) \
  each(g_error_free) each(g_object_unref) each(cairo_image_surface_create) each(cairo_surface_write_to_png_stream) \
  each(cairo_surface_destroy) each(cairo_create) each(cairo_status) each(cairo_destroy) \
  each(rsvg_handle_new_from_data) each(rsvg_handle_get_intrinsic_size_in_pixels) each(rsvg_handle_render_document)

#define ENSUE_RSVG_MEMBER(name) __typeof__(name) *name;
typedef struct __attribute__((swift_attr("@Sendable"))) {
  ENSUE_RSVG_FUNCTIONS(ENSUE_RSVG_MEMBER)
} ensue_rsvg;

/* Fills the table from librsvg as dlopen has opened it; its own libraries are searched with it. Returns the first name
   that is not there, or null. */
static inline const char *ensue_rsvg_fill(ensue_rsvg *rsvg, void *library) {
#define ENSUE_RSVG_FIND(name) \
  rsvg->name = (__typeof__(name) *)dlsym(library, #name); \
  if (!rsvg->name) return #name;
  ENSUE_RSVG_FUNCTIONS(ENSUE_RSVG_FIND)
  return 0;
}

#endif
