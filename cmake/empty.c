/* A folder without sources yet still makes a library. */
typedef int fd_empty;
