# fd_assets(TARGET FOLDER…): compile every file below the folders into the target, found at run
# time by its path relative to the project (src/app/assets.h). One .S with .incbin, one table.
function(fd_assets target)
    set(files "")
    foreach(folder ${ARGN})
        file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*)
        list(APPEND files ${found})
    endforeach()
    list(SORT files)
    set(assembly "    .section .rodata\n")
    set(externs "")
    set(rows "")
    set(i 0)
    set(paths "")
    foreach(file ${files})
        string(APPEND assembly
            "    .balign 16\n    .global fd_asset_${i}\nfd_asset_${i}:\n    .incbin \"${PROJECT_SOURCE_DIR}/${file}\"\n"
            "    .global fd_asset_${i}_end\nfd_asset_${i}_end:\n    .byte 0\n")
        string(APPEND externs "extern const char fd_asset_${i}[], fd_asset_${i}_end[];\n")
        string(APPEND rows "    { \"${file}\", fd_asset_${i}, fd_asset_${i}_end },\n")
        list(APPEND paths ${PROJECT_SOURCE_DIR}/${file})
        math(EXPR i "${i} + 1")
    endforeach()
    string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/assets.S CONTENT "${assembly}" @ONLY)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/assets_table.h CONTENT "${externs}
static const struct { const char *path, *begin, *end; } asset_table[] = {
${rows}    { 0, 0, 0 }
};
" @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/assets.S)
    target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR})
    set_source_files_properties(${CMAKE_BINARY_DIR}/assets.S TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS "${paths}")
endfunction()
