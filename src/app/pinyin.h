/*
 * First letters of a Chinese name: 洹西钢铁 → hxgt.
 */
#ifndef FD_APP_PINYIN_H
#define FD_APP_PINYIN_H

#include <stddef.h>

typedef struct fd_pinyin fd_pinyin;

/** NULL when the system has no pinyin order of Chinese; a search then goes by name and code only.
 * Not for several threads at once. */
fd_pinyin *fd_pinyin_new(void);
void fd_pinyin_free(fd_pinyin *pinyin);

/**
 * The first letter of every character's pinyin, lower case; ASCII letters and digits stay, all else
 * is left out. A character with several readings gets the one that the pinyin order of CLDR files
 * it under.
 *
 * The letter is found by place: the pinyin order is cut at the first character of each letter
 * (阿 八 嚓 …), so that no table of readings is carried along.
 *
 * @return length of buf's text; what does not fit is cut off. Time: O(length · log 23).
 */
size_t fd_pinyin_initials(fd_pinyin *pinyin, const char *text, char *buf, size_t size);

#endif
