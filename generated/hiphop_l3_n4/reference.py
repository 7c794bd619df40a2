"""hiphop_l3_n4: rotation-invariant polynomials and their derivatives in plain PyTorch.

Basis 9248530e9a3d47705b8353b37f0e83c496dfa7cd64022433f50a17b5b1c54485
Convention hippynn. Written by invgen, codegen version 2; do not edit.

Tensors are (..., component, channel) on any device, of any floating dtype; leading dimensions are free.
"""

import torch

DIM = 16
COUNT = 13


def value(x):
    """Return y = I(x)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    v16 = v7 * v14
    v17 = v4 * v10
    v18 = v17 + v16
    del v16, v17
    v19 = v10 + v14
    v20 = v4 + v7
    v21 = v20 * v19
    v22 = v21 + v18
    del v18, v21
    v23 = v6 * v13
    v24 = v5 * v12
    v25 = v24 + v23
    del v23, v24
    v26 = v8 * v15
    v27 = v26 + v25
    del v25, v26
    v28 = 2.0 * v27
    del v27
    v29 = v22 + v28
    del v22, v28
    v30 = v29 * v29
    del v29
    v31 = v7 * v12
    v32 = v4 * v9
    v33 = v32 + v31
    del v31, v32
    v34 = v9 + v12
    v35 = v20 * v34
    v36 = v35 + v33
    del v33, v35
    v37 = v6 * v11
    v38 = v5 * v10
    v39 = v38 + v37
    del v37, v38
    v40 = v8 * v13
    v41 = v40 + v39
    del v39, v40
    v42 = 2.0 * v41
    del v41
    v43 = v36 + v42
    del v36, v42
    v44 = v43 * v43
    del v43
    v45 = v44 + v30
    del v30, v44
    v46 = v7 * v15
    v47 = v4 * v11
    v48 = v47 + v46
    del v46, v47
    v49 = v11 + v15
    v50 = v20 * v49
    v51 = v50 + v48
    del v48, v50
    v52 = v6 * v34
    v53 = v5 * v13
    v54 = v53 - v52
    del v52, v53
    v55 = v8 * v19
    v56 = v54 - v55
    del v54, v55
    v57 = 2.0 * v56
    del v56
    v58 = v51 + v57
    del v51, v57
    v59 = v58 * v58
    del v58
    v60 = v59 + v45
    del v45, v59
    v61 = v12 * v15
    v62 = v9 * v11
    v63 = v62 + v61
    del v61, v62
    v64 = v34 * v49
    v65 = v64 + v63
    del v63, v64
    v66 = v11 * v34
    v67 = v10 * v13
    v68 = v67 - v66
    del v66, v67
    v69 = v13 * v19
    v70 = v68 - v69
    del v68, v69
    v71 = 2.0 * v70
    del v70
    v72 = v65 + v71
    del v65, v71
    v73 = v5 * v8
    v74 = v4 * v6
    v75 = v74 + v73
    del v73, v74
    v76 = v6 * v20
    v77 = v75 - v76
    del v75, v76
    v78 = v72 * v77
    v79 = v12 * v14
    v80 = v9 * v10
    v81 = v80 + v79
    del v79, v80
    v82 = v34 * v19
    v83 = v82 + v81
    del v81, v82
    v84 = v11 * v13
    v85 = v10 * v12
    v86 = v85 + v84
    del v84, v85
    v87 = v13 * v15
    v88 = v87 + v86
    del v86, v87
    v89 = 2.0 * v88
    del v88
    v90 = v83 + v89
    del v83, v89
    v91 = v5 * v7
    v92 = v4 * v5
    v93 = v92 + v91
    del v91, v92
    v94 = v6 * v8
    v95 = v94 + v93
    del v93, v94
    v96 = v90 * v95
    v97 = v96 + v78
    del v78, v96
    v98 = v14 * v15
    v99 = v10 * v11
    v100 = v99 + v98
    del v98, v99
    v101 = v19 * v49
    v102 = v101 + v100
    del v100, v101
    v103 = v13 * v34
    v104 = v12 * v13
    v105 = v104 - v103
    del v103, v104
    v106 = v15 * v19
    v107 = v105 - v106
    del v105, v106
    v108 = 2.0 * v107
    del v107
    v109 = v102 + v108
    del v102, v108
    v110 = v7 * v8
    v111 = v5 * v6
    v112 = v111 + v110
    del v110, v111
    v113 = v8 * v20
    v114 = v112 - v113
    del v112, v113
    v115 = v109 * v114
    v116 = v115 + v97
    del v97, v115
    v117 = 2.0 * v116
    del v116
    v118 = v14 * v14
    v119 = v10 * v10
    v120 = v119 + v118
    del v118
    v121 = v19 * v19
    v122 = v121 + v120
    del v120
    v123 = v13 * v13
    v124 = v12 * v12
    v125 = v124 + v123
    v126 = v15 * v15
    v127 = v126 + v125
    del v125
    v128 = 2.0 * v127
    del v127
    v129 = v122 + v128
    del v122, v128
    v130 = v7 * v7
    v131 = v5 * v5
    v132 = v131 + v130
    del v130
    v133 = v8 * v8
    v134 = v133 + v132
    del v132
    v135 = v129 * v134
    v136 = v9 * v9
    v137 = v136 + v124
    del v124, v136
    v138 = v34 * v34
    v139 = v138 + v137
    del v137
    v140 = v11 * v11
    v141 = v119 + v140
    del v119
    v142 = v123 + v141
    del v141
    v143 = 2.0 * v142
    del v142
    v144 = v139 + v143
    del v139, v143
    v145 = v4 * v4
    v146 = v145 + v131
    del v131, v145
    v147 = v6 * v6
    v148 = v147 + v146
    del v146
    v149 = v144 * v148
    v150 = v149 + v135
    del v135, v149
    v151 = v123 + v138
    del v123, v138
    v152 = v121 + v151
    del v121, v151
    v153 = 2.0 * v152
    del v152
    v154 = v140 + v126
    del v126, v140
    v155 = v49 * v49
    del v49
    v156 = v155 + v154
    del v154, v155
    v157 = v156 + v153
    del v153, v156
    v158 = v147 + v133
    del v133, v147
    v159 = v20 * v20
    v160 = v159 + v158
    del v158, v159
    v161 = v157 * v160
    v162 = v161 + v150
    del v150, v161
    v163 = v162 + v117
    del v117, v162
    v164 = v6 * v72
    v165 = v5 * v90
    v166 = v165 + v164
    del v164, v165
    v167 = v8 * v109
    v168 = v167 + v166
    del v166, v167
    v169 = 2.0 * v168
    del v168
    v170 = v7 * v129
    v171 = v4 * v144
    v172 = v171 + v170
    del v170, v171
    v173 = v20 * v157
    v174 = v172 - v173
    del v172, v173
    v175 = v174 + v169
    del v169, v174
    v176 = v2 * v14
    del v14
    v177 = v1 * v12
    v178 = v177 + v176
    del v176, v177
    v179 = v3 * v15
    v180 = v179 + v178
    del v178, v179
    v181 = v180 * v180
    v182 = v2 * v10
    v183 = v1 * v9
    del v9
    v184 = v183 + v182
    del v182, v183
    v185 = v3 * v11
    v186 = v185 + v184
    del v184, v185
    v187 = v186 * v186
    v188 = v187 + v181
    del v181, v187
    v189 = v186 + v180
    v190 = v189 * v189
    v191 = v190 + v188
    del v188, v190
    v192 = v2 * v13
    v193 = v1 * v11
    del v11
    v194 = v193 + v192
    del v192, v193
    v195 = v3 * v34
    del v34
    v196 = v194 - v195
    del v194, v195
    v197 = v196 * v196
    v198 = v2 * v12
    del v12
    v199 = v1 * v10
    del v10
    v200 = v199 + v198
    del v198, v199
    v201 = v3 * v13
    v202 = v201 + v200
    del v200, v201
    v203 = v202 * v202
    v204 = v203 + v197
    del v197, v203
    v205 = v2 * v15
    del v15
    v206 = v1 * v13
    del v13
    v207 = v206 + v205
    del v205, v206
    v208 = v3 * v19
    del v19
    v209 = v207 - v208
    del v207, v208
    v210 = v209 * v209
    v211 = v210 + v204
    del v204, v210
    v212 = 2.0 * v211
    del v211
    v213 = v191 + v212
    del v191, v212
    v214 = v2 * v180
    del v180
    v215 = v1 * v202
    v216 = v215 + v214
    del v214, v215
    v217 = v3 * v209
    v218 = v217 + v216
    del v216, v217
    v219 = v2 * v218
    del v218
    v220 = v2 * v202
    del v202
    v221 = v1 * v186
    del v186
    v222 = v221 + v220
    del v220, v221
    v223 = v3 * v196
    v224 = v223 + v222
    del v222, v223
    v225 = v1 * v224
    del v224
    v226 = v225 + v219
    del v219, v225
    v227 = v2 * v209
    del v209
    v228 = v1 * v196
    del v196
    v229 = v228 + v227
    del v227, v228
    v230 = v3 * v189
    del v189
    v231 = v229 - v230
    del v229, v230
    v232 = v3 * v231
    del v231
    v233 = v232 + v226
    del v226, v232
    v234 = v2 * v7
    v235 = v1 * v5
    v236 = v235 + v234
    del v234, v235
    v237 = v3 * v8
    v238 = v237 + v236
    del v236, v237
    v239 = v238 * v238
    v240 = v2 * v5
    v241 = v1 * v4
    v242 = v241 + v240
    del v240, v241
    v243 = v3 * v6
    v244 = v243 + v242
    del v242, v243
    v245 = v244 * v244
    v246 = v245 + v239
    del v239, v245
    v247 = v2 * v8
    v248 = v1 * v6
    v249 = v248 + v247
    del v247, v248
    v250 = v3 * v20
    v251 = v249 - v250
    del v249, v250
    v252 = v251 * v251
    v253 = v252 + v246
    del v246, v252
    v254 = v2 * v238
    del v238
    v255 = v1 * v244
    del v244
    v256 = v255 + v254
    del v254, v255
    v257 = v3 * v251
    del v251
    v258 = v257 + v256
    del v256, v257
    v259 = v72 * v72
    del v72
    v260 = v90 * v90
    del v90
    v261 = v260 + v259
    del v259, v260
    v262 = v109 * v109
    del v109
    v263 = v262 + v261
    del v261, v262
    v264 = 2.0 * v263
    del v263
    v265 = v129 * v129
    v266 = v144 * v144
    v267 = v266 + v265
    del v265, v266
    v268 = v157 * v157
    v269 = v268 + v267
    del v267, v268
    v270 = v269 + v264
    del v264, v269
    v271 = v144 + v129
    del v129, v144
    v272 = v157 + v271
    del v157, v271
    v273 = v6 * v77
    del v6, v77
    v274 = v5 * v95
    del v5, v95
    v275 = v274 + v273
    del v273, v274
    v276 = v8 * v114
    del v8, v114
    v277 = v276 + v275
    del v275, v276
    v278 = 2.0 * v277
    del v277
    v279 = v7 * v134
    del v7
    v280 = v4 * v148
    del v4
    v281 = v280 + v279
    del v279, v280
    v282 = v20 * v160
    del v20
    v283 = v281 - v282
    del v281, v282
    v284 = v283 + v278
    del v278, v283
    v285 = v148 + v134
    del v134, v148
    v286 = v160 + v285
    del v160, v285
    v287 = v2 * v2
    del v2
    v288 = v1 * v1
    del v1
    v289 = v288 + v287
    del v287, v288
    v290 = v3 * v3
    del v3
    v291 = v290 + v289
    del v289, v290
    return torch.stack((v0, v291, v286, v284, v272, v270, v258, v253, v233, v213, v175, v163, v60,), -2)


def vjp(x, ybar):
    """Return xbar, the sum over k of ybar_k dy_k/dx."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    v29 = v2 * v12
    v30 = v1 * v10
    v31 = v30 + v29
    del v29, v30
    v32 = v3 * v13
    v33 = v32 + v31
    del v31, v32
    v34 = v2 * v33
    v35 = v2 * v10
    v36 = v1 * v9
    v37 = v36 + v35
    del v35, v36
    v38 = v3 * v11
    v39 = v38 + v37
    del v37, v38
    v40 = v1 * v39
    v41 = v40 + v34
    del v34, v40
    v42 = v2 * v13
    v43 = v1 * v11
    v44 = v43 + v42
    del v42, v43
    v45 = v9 + v12
    v46 = v3 * v45
    v47 = v44 - v46
    del v44, v46
    v48 = v3 * v47
    v49 = v48 + v41
    del v41, v48
    v50 = v24 * v49
    del v49
    v51 = v2 * v5
    v52 = v1 * v4
    v53 = v52 + v51
    del v51, v52
    v54 = v3 * v6
    v55 = v54 + v53
    del v53, v54
    v56 = v22 * v55
    v57 = 2.0 * v17
    del v17
    v58 = v1 * v57
    v59 = v58 + v56
    del v56, v58
    v60 = v50 + v59
    del v50, v59
    v61 = v3 * v24
    v62 = v47 * v61
    v63 = v62 + v60
    del v60, v62
    v64 = v2 * v24
    v65 = v33 * v64
    v66 = v65 + v63
    del v63, v65
    v67 = v1 * v24
    v68 = v39 * v67
    v69 = v68 + v66
    del v66, v68
    v70 = v2 * v15
    v71 = v1 * v13
    v72 = v71 + v70
    del v70, v71
    v73 = v10 + v14
    v74 = v3 * v73
    v75 = v72 - v74
    del v72, v74
    v76 = 4.0 * v25
    v77 = v75 * v76
    v78 = v2 * v61
    v79 = v77 + v78
    del v77, v78
    v80 = v3 * v64
    v81 = v80 + v79
    del v79, v80
    v82 = v13 * v81
    v83 = v82 + v69
    del v69, v82
    v84 = v2 * v14
    v85 = v1 * v12
    v86 = v85 + v84
    del v84, v85
    v87 = v3 * v15
    v88 = v87 + v86
    del v86, v87
    v89 = v39 + v88
    v90 = 2.0 * v25
    del v25
    v91 = v89 * v90
    v92 = v3 * v61
    v93 = v91 - v92
    del v91, v92
    v94 = v88 * v90
    v95 = v93 + v94
    del v94
    v96 = v2 * v64
    v97 = v96 + v95
    del v95, v96
    v98 = v12 * v97
    v99 = v98 + v83
    del v83, v98
    v100 = v47 * v76
    v101 = v1 * v61
    v102 = v100 + v101
    del v100, v101
    v103 = v3 * v67
    v104 = v103 + v102
    del v102, v103
    v105 = v11 * v104
    v106 = v105 + v99
    del v99, v105
    v107 = v33 * v76
    del v76
    v108 = v1 * v64
    v109 = v107 + v108
    del v107, v108
    v110 = v2 * v67
    v111 = v110 + v109
    del v109, v110
    v112 = v10 * v111
    v113 = v112 + v106
    del v106, v112
    v114 = v39 * v90
    del v39, v90
    v115 = v93 + v114
    del v93, v114
    v116 = v1 * v67
    v117 = v116 + v115
    del v115, v116
    v118 = v9 * v117
    v119 = v118 + v113
    del v113, v118
    v120 = v2 * v8
    v121 = v1 * v6
    v122 = v121 + v120
    del v120, v121
    v123 = v4 + v7
    v124 = v3 * v123
    v125 = v122 - v124
    del v122, v124
    v126 = 2.0 * v23
    del v23
    v127 = v125 * v126
    v128 = v3 * v22
    v129 = v128 + v127
    del v127, v128
    v130 = v6 * v129
    v131 = v130 + v119
    del v119, v130
    v132 = v2 * v7
    v133 = v1 * v5
    v134 = v133 + v132
    del v132, v133
    v135 = v3 * v8
    v136 = v135 + v134
    del v134, v135
    v137 = v136 * v126
    v138 = v2 * v22
    v139 = v138 + v137
    del v137, v138
    v140 = v5 * v139
    v141 = v140 + v131
    del v131, v140
    v142 = v55 * v126
    del v55, v126
    v143 = v1 * v22
    v144 = v143 + v142
    del v142, v143
    v145 = v4 * v144
    v146 = v145 + v141
    del v141, v145
    v147 = v2 * v88
    v148 = v1 * v33
    v149 = v148 + v147
    del v147, v148
    v150 = v3 * v75
    v151 = v150 + v149
    del v149, v150
    v152 = v24 * v151
    del v151
    v153 = v22 * v136
    del v136
    v154 = v2 * v57
    v155 = v154 + v153
    del v153, v154
    v156 = v152 + v155
    del v152, v155
    v157 = v75 * v61
    v158 = v157 + v156
    del v156, v157
    v159 = v88 * v64
    del v88
    v160 = v159 + v158
    del v158, v159
    v161 = v33 * v67
    del v33
    v162 = v161 + v160
    del v160, v161
    v163 = v15 * v81
    v164 = v163 + v162
    del v162, v163
    v165 = v14 * v97
    v166 = v165 + v164
    del v164, v165
    v167 = v13 * v104
    v168 = v167 + v166
    del v166, v167
    v169 = v12 * v111
    v170 = v169 + v168
    del v168, v169
    v171 = v10 * v117
    v172 = v171 + v170
    del v170, v171
    v173 = v8 * v129
    v174 = v173 + v172
    del v172, v173
    v175 = v7 * v139
    v176 = v175 + v174
    del v174, v175
    v177 = v5 * v144
    v178 = v177 + v176
    del v176, v177
    v179 = v2 * v75
    v180 = v1 * v47
    v181 = v180 + v179
    del v179, v180
    v182 = v3 * v89
    v183 = v181 - v182
    del v181, v182
    v184 = v24 * v183
    del v24, v183
    v185 = v22 * v125
    del v22, v125
    v186 = v3 * v57
    del v57
    v187 = v186 + v185
    del v185, v186
    v188 = v184 + v187
    del v184, v187
    v189 = v75 * v64
    del v64, v75
    v190 = v189 + v188
    del v188, v189
    v191 = v47 * v67
    del v47, v67
    v192 = v191 + v190
    del v190, v191
    v193 = v15 * v97
    v194 = v193 + v192
    del v192, v193
    v195 = v13 * v111
    v196 = v195 + v194
    del v194, v195
    v197 = v11 * v117
    v198 = v197 + v196
    del v196, v197
    v199 = v8 * v139
    v200 = v199 + v198
    del v198, v199
    v201 = v6 * v144
    v202 = v201 + v200
    del v200, v201
    v203 = v89 * v61
    del v61, v89
    v204 = v202 - v203
    del v202, v203
    v205 = v73 * v81
    v206 = v204 - v205
    del v204, v205
    v207 = v45 * v104
    v208 = v206 - v207
    del v206, v207
    v209 = v123 * v129
    v210 = v208 - v209
    del v208, v209
    v211 = v12 * v14
    v212 = v9 * v10
    v213 = v212 + v211
    del v211, v212
    v214 = v45 * v73
    v215 = v214 + v213
    del v213, v214
    v216 = v11 * v13
    v217 = v10 * v12
    v218 = v217 + v216
    del v216, v217
    v219 = v13 * v15
    v220 = v219 + v218
    del v218, v219
    v221 = 2.0 * v220
    del v220
    v222 = v215 + v221
    del v215, v221
    v223 = 2.0 * v26
    v224 = v222 * v223
    v225 = v5 * v7
    v226 = v4 * v5
    v227 = v226 + v225
    del v225, v226
    v228 = v6 * v8
    v229 = v228 + v227
    del v227, v228
    v230 = 2.0 * v19
    v231 = v229 * v230
    v232 = v224 + v231
    del v224, v231
    v233 = v7 * v15
    v234 = v4 * v11
    v235 = v234 + v233
    del v233, v234
    v236 = v11 + v15
    v237 = v123 * v236
    v238 = v237 + v235
    del v235, v237
    v239 = v6 * v45
    v240 = v5 * v13
    v241 = v240 - v239
    del v239, v240
    v242 = v8 * v73
    v243 = v241 - v242
    del v241, v242
    v244 = 2.0 * v243
    del v243
    v245 = v238 + v244
    del v238, v244
    v246 = 2.0 * v28
    del v28
    v247 = v245 * v246
    del v245
    v248 = 2.0 * v247
    v249 = v13 * v248
    v250 = v249 + v232
    del v232, v249
    v251 = v7 * v14
    v252 = v4 * v10
    v253 = v252 + v251
    del v251, v252
    v254 = v123 * v73
    v255 = v254 + v253
    del v253, v254
    v256 = v6 * v13
    v257 = v5 * v12
    v258 = v257 + v256
    del v256, v257
    v259 = v8 * v15
    v260 = v259 + v258
    del v258, v259
    v261 = 2.0 * v260
    del v260
    v262 = v255 + v261
    del v255, v261
    v263 = v262 * v246
    del v262
    v264 = 2.0 * v263
    v265 = v12 * v264
    v266 = v265 + v250
    del v250, v265
    v267 = v7 * v12
    v268 = v4 * v9
    v269 = v268 + v267
    del v267, v268
    v270 = v123 * v45
    v271 = v270 + v269
    del v269, v270
    v272 = v6 * v11
    v273 = v5 * v10
    v274 = v273 + v272
    del v272, v273
    v275 = v8 * v13
    v276 = v275 + v274
    del v274, v275
    v277 = 2.0 * v276
    del v276
    v278 = v271 + v277
    del v271, v277
    v279 = v278 * v246
    del v246, v278
    v280 = 2.0 * v279
    v281 = v10 * v280
    v282 = v281 + v266
    del v266, v281
    v283 = v14 * v15
    v284 = v10 * v11
    v285 = v284 + v283
    del v283, v284
    v286 = v73 * v236
    v287 = v286 + v285
    del v285, v286
    v288 = v13 * v45
    v289 = v12 * v13
    v290 = v289 - v288
    del v288, v289
    v291 = v15 * v73
    v292 = v290 - v291
    del v290, v291
    v293 = 2.0 * v292
    del v292
    v294 = v287 + v293
    del v287, v293
    v295 = 2.0 * v27
    v296 = v294 * v295
    v297 = v8 * v230
    v298 = v297 + v296
    del v296, v297
    v299 = v6 * v298
    v300 = v299 + v282
    del v282, v299
    v301 = v12 * v15
    v302 = v9 * v11
    v303 = v302 + v301
    del v301, v302
    v304 = v45 * v236
    v305 = v304 + v303
    del v303, v304
    v306 = v11 * v45
    v307 = v10 * v13
    v308 = v307 - v306
    del v306, v307
    v309 = v13 * v73
    v310 = v308 - v309
    del v308, v309
    v311 = 2.0 * v310
    del v310
    v312 = v305 + v311
    del v305, v311
    v313 = v312 * v295
    v314 = v6 * v230
    v315 = v314 + v313
    del v313, v314
    v316 = v8 * v315
    v317 = v316 + v300
    del v300, v316
    v318 = v222 * v295
    v319 = v5 * v230
    v320 = v319 + v318
    del v318, v319
    v321 = v123 * v320
    v322 = v321 + v317
    del v317, v321
    v323 = v12 * v12
    v324 = v9 * v9
    v325 = v324 + v323
    del v324
    v326 = v45 * v45
    v327 = v326 + v325
    del v325
    v328 = v11 * v11
    v329 = v10 * v10
    v330 = v329 + v328
    v331 = v13 * v13
    v332 = v331 + v330
    del v330
    v333 = 2.0 * v332
    del v332
    v334 = v327 + v333
    del v327, v333
    v335 = v27 * v334
    v336 = v4 * v19
    v337 = v18 + v336
    del v336
    v338 = v335 + v337
    del v335, v337
    v339 = v14 * v14
    v340 = v329 + v339
    del v329, v339
    v341 = v73 * v73
    v342 = v341 + v340
    del v340
    v343 = v323 + v331
    del v323
    v344 = v15 * v15
    v345 = v344 + v343
    del v343
    v346 = 2.0 * v345
    del v345
    v347 = v342 + v346
    del v342, v346
    v348 = v27 * v347
    v349 = v7 * v19
    v350 = v18 + v349
    del v349
    v351 = v348 + v350
    del v348, v350
    v352 = v351 + v338
    v353 = 2.0 * v352
    del v352
    v354 = v5 * v353
    del v353
    v355 = v354 + v322
    del v322, v354
    v356 = v1 * v139
    v357 = v356 + v355
    del v355, v356
    v358 = v2 * v144
    v359 = v358 + v357
    del v357, v358
    v360 = v312 * v223
    v361 = v5 * v8
    v362 = v4 * v6
    v363 = v362 + v361
    del v361, v362
    v364 = v6 * v123
    v365 = v363 - v364
    del v363, v364
    v366 = v365 * v230
    v367 = v360 + v366
    del v360, v366
    v368 = v13 * v264
    v369 = v368 + v367
    del v367, v368
    v370 = v11 * v280
    v371 = v370 + v369
    del v369, v370
    v372 = v5 * v298
    v373 = v372 + v371
    del v371, v372
    v374 = v4 - v123
    v375 = v315 * v374
    del v374
    v376 = v375 + v373
    del v373, v375
    v377 = v8 * v320
    v378 = v377 + v376
    del v376, v377
    v379 = v331 + v326
    del v326, v331
    v380 = v341 + v379
    del v341, v379
    v381 = 2.0 * v380
    del v380
    v382 = v328 + v344
    del v328, v344
    v383 = v236 * v236
    v384 = v383 + v382
    del v382, v383
    v385 = v384 + v381
    del v381, v384
    v386 = v27 * v385
    v387 = v18 + v386
    del v18, v386
    v388 = v19 * v123
    v389 = v387 - v388
    del v387, v388
    v390 = v389 + v338
    v391 = 2.0 * v390
    del v390
    v392 = v6 * v391
    del v391
    v393 = v392 + v378
    del v378, v392
    v394 = v1 * v129
    v395 = v394 + v393
    del v393, v394
    v396 = v3 * v144
    v397 = v396 + v395
    del v395, v396
    v398 = v45 * v248
    v399 = v397 - v398
    del v397, v398
    v400 = v294 * v223
    v401 = v7 * v8
    v402 = v5 * v6
    v403 = v402 + v401
    del v401, v402
    v404 = v8 * v123
    v405 = v403 - v404
    del v403, v404
    v406 = v405 * v230
    del v230
    v407 = v400 + v406
    del v400, v406
    v408 = v15 * v264
    v409 = v408 + v407
    del v407, v408
    v410 = v13 * v280
    v411 = v410 + v409
    del v409, v410
    v412 = v7 - v123
    v413 = v298 * v412
    del v412
    v414 = v413 + v411
    del v411, v413
    v415 = v389 + v351
    v416 = 2.0 * v415
    del v415
    v417 = v8 * v416
    del v416
    v418 = v417 + v414
    del v414, v417
    v419 = v5 * v315
    v420 = v419 + v418
    del v418, v419
    v421 = v6 * v320
    v422 = v421 + v420
    del v420, v421
    v423 = v2 * v129
    v424 = v423 + v422
    del v422, v423
    v425 = v3 * v139
    v426 = v425 + v424
    del v424, v425
    v427 = v73 * v248
    v428 = v426 - v427
    del v426, v427
    v429 = v73 * v263
    v430 = v236 * v247
    v431 = v430 + v429
    del v429, v430
    v432 = v45 * v279
    v433 = v432 + v431
    del v431, v432
    v434 = 2.0 * v389
    del v389
    v435 = v123 * v434
    del v434
    v436 = v435 + v433
    del v433, v435
    v437 = v26 * v385
    v438 = v436 - v437
    del v436, v437
    v439 = v8 * v8
    v440 = v6 * v6
    v441 = v440 + v439
    v442 = v123 * v123
    v443 = v442 + v441
    del v441, v442
    v444 = v19 * v443
    v445 = v438 - v444
    del v438, v444
    v446 = v8 * v298
    del v298
    v447 = v445 - v446
    del v445
    v448 = v6 * v315
    del v315
    v449 = v447 - v448
    del v447
    v450 = v3 * v129
    del v129
    v451 = v449 - v450
    del v449, v450
    v452 = v448 + v451
    del v448
    v453 = v26 * v334
    v454 = v453 + v452
    del v452, v453
    v455 = v5 * v5
    v456 = v4 * v4
    v457 = v456 + v455
    del v456
    v458 = v440 + v457
    del v440, v457
    v459 = v19 * v458
    v460 = v459 + v454
    del v454, v459
    v461 = v11 * v247
    v462 = v461 + v460
    del v460, v461
    v463 = v10 * v263
    v464 = v463 + v462
    del v462, v463
    v465 = v9 * v279
    v466 = v465 + v464
    del v464, v465
    v467 = v5 * v320
    del v320
    v468 = v467 + v466
    del v466
    v469 = 2.0 * v338
    del v338
    v470 = v4 * v469
    del v469
    v471 = v470 + v468
    del v468, v470
    v472 = v1 * v144
    del v144
    v473 = v472 + v471
    del v471, v472
    v474 = v446 + v451
    del v446, v451
    v475 = v467 + v474
    del v467, v474
    v476 = v26 * v347
    v477 = v476 + v475
    del v475, v476
    v478 = v7 * v7
    v479 = v455 + v478
    del v455, v478
    v480 = v439 + v479
    del v439, v479
    v481 = v19 * v480
    del v19
    v482 = v481 + v477
    del v477, v481
    v483 = v15 * v247
    v484 = v483 + v482
    del v482, v483
    v485 = v14 * v263
    v486 = v485 + v484
    del v484, v485
    v487 = v12 * v279
    v488 = v487 + v486
    del v486, v487
    v489 = 2.0 * v351
    del v351
    v490 = v7 * v489
    del v489
    v491 = v490 + v488
    del v488, v490
    v492 = v2 * v139
    del v139
    v493 = v492 + v491
    del v491, v492
    v494 = 2.0 * v21
    v495 = v385 * v494
    del v385
    v496 = v27 * v443
    del v443
    v497 = v20 + v496
    del v496
    v498 = v495 + v497
    del v495, v497
    v499 = v26 * v123
    v500 = v498 - v499
    del v498, v499
    v501 = 2.0 * v500
    v502 = v236 * v501
    v503 = v123 * v247
    v504 = v503 + v502
    del v502, v503
    v505 = 4.0 * v21
    del v21
    v506 = v294 * v505
    del v294
    v507 = v405 * v295
    del v405
    v508 = v8 * v223
    v509 = v508 + v507
    del v507, v508
    v510 = v506 + v509
    del v506, v509
    v511 = v73 * v510
    v512 = v511 + v504
    del v504
    v513 = v312 * v505
    del v312
    v514 = v365 * v295
    del v365
    v515 = v6 * v223
    v516 = v515 + v514
    del v514, v515
    v517 = v513 + v516
    del v513, v516
    v518 = v45 * v517
    v519 = v518 + v512
    del v512
    v520 = v4 * v247
    v521 = v519 + v520
    del v520
    v522 = v6 * v280
    v523 = v522 + v521
    del v521, v522
    v524 = v1 * v104
    v525 = v524 + v523
    del v523, v524
    v526 = v3 * v117
    v527 = v526 + v525
    del v525, v526
    v528 = v10 * v510
    v529 = v528 + v527
    del v527, v528
    v530 = v9 * v517
    v531 = v530 + v529
    del v529, v530
    v532 = v222 * v505
    del v222, v505
    v533 = v229 * v295
    del v229, v295
    v534 = v5 * v223
    del v223
    v535 = v534 + v533
    del v533, v534
    v536 = v532 + v535
    del v532, v535
    v537 = 2.0 * v536
    v538 = v13 * v537
    v539 = v538 + v531
    del v531
    v540 = v4 * v26
    v541 = v20 + v540
    del v540
    v542 = v27 * v458
    del v458
    v543 = v542 + v541
    del v541, v542
    v544 = v334 * v494
    del v334
    v545 = v544 + v543
    del v543, v544
    v546 = 2.0 * v545
    v547 = v500 + v546
    v548 = 2.0 * v547
    del v547
    v549 = v11 * v548
    del v548
    v550 = v549 + v539
    del v539, v549
    v551 = 2.0 * v518
    del v518
    v552 = v550 - v551
    del v550, v551
    v553 = v519 + v538
    del v519, v538
    v554 = v7 * v247
    del v247
    v555 = v554 + v553
    del v553, v554
    v556 = v8 * v264
    v557 = v556 + v555
    del v555, v556
    v558 = v2 * v81
    v559 = v558 + v557
    del v557, v558
    v560 = v3 * v97
    v561 = v560 + v559
    del v559, v560
    v562 = v14 * v510
    v563 = v562 + v561
    del v561, v562
    v564 = v7 * v26
    del v26
    v565 = v20 + v564
    del v20, v564
    v566 = v27 * v480
    del v27, v480
    v567 = v566 + v565
    del v565, v566
    v568 = v347 * v494
    del v347, v494
    v569 = v568 + v567
    del v567, v568
    v570 = 2.0 * v569
    v571 = v500 + v570
    v572 = 2.0 * v571
    del v571
    v573 = v15 * v572
    del v572
    v574 = v573 + v563
    del v563, v573
    v575 = v12 * v517
    v576 = v575 + v574
    del v574, v575
    v577 = 2.0 * v511
    del v511
    v578 = v576 - v577
    del v576, v577
    v579 = v236 * v517
    v580 = v123 * v279
    v581 = v580 + v579
    del v579, v580
    v582 = v73 * v536
    v583 = v582 + v581
    del v581, v582
    v584 = v501 + v545
    v585 = 2.0 * v584
    del v584
    v586 = v45 * v585
    del v585
    v587 = v586 + v583
    del v583, v586
    v588 = v6 * v248
    v589 = v587 - v588
    del v587, v588
    v590 = v3 * v104
    v591 = v589 - v590
    del v589, v590
    v592 = 2.0 * v510
    v593 = v13 * v592
    v594 = v591 - v593
    del v591
    v595 = 2.0 * v517
    v596 = v11 * v595
    v597 = v594 - v596
    del v594, v596
    v598 = v4 * v279
    v599 = v597 + v598
    del v598
    v600 = v1 * v117
    v601 = v600 + v599
    del v599, v600
    v602 = v11 * v517
    v603 = v602 + v601
    del v601, v602
    v604 = v10 * v536
    v605 = v604 + v603
    del v603
    v606 = v9 * v546
    v607 = v606 + v605
    del v605, v606
    v608 = v236 * v510
    v609 = v123 * v263
    del v123
    v610 = v609 + v608
    del v608, v609
    v611 = v569 + v501
    del v501
    v612 = 2.0 * v611
    del v611
    v613 = v73 * v612
    del v612
    v614 = v613 + v610
    del v610, v613
    v615 = v45 * v536
    v616 = v615 + v614
    del v614, v615
    v617 = v8 * v248
    v618 = v616 - v617
    del v616, v617
    v619 = v3 * v81
    v620 = v618 - v619
    del v618, v619
    v621 = v15 * v592
    v622 = v620 - v621
    del v620, v621
    v623 = v13 * v595
    v624 = v622 - v623
    del v622
    v625 = v7 * v263
    v626 = v624 + v625
    del v625
    v627 = v2 * v97
    v628 = v627 + v626
    del v626, v627
    v629 = v15 * v510
    v630 = v629 + v628
    del v628, v629
    v631 = v14 * v570
    v632 = v631 + v630
    del v630, v631
    v633 = v12 * v536
    v634 = v633 + v632
    del v632, v633
    v635 = v6 * v264
    del v6
    v636 = v5 * v248
    del v248
    v637 = v636 + v635
    del v635, v636
    v638 = v8 * v280
    del v8
    v639 = v638 + v637
    del v637, v638
    v640 = v1 * v81
    del v81
    v641 = v640 + v639
    del v639, v640
    v642 = v2 * v104
    del v104
    v643 = v642 + v641
    del v641, v642
    v644 = v3 * v111
    del v3
    v645 = v644 + v643
    del v643, v644
    v646 = v12 - v45
    del v45
    v647 = v592 * v646
    del v592, v646
    v648 = v647 + v645
    del v645, v647
    v649 = v10 - v73
    del v73
    v650 = v595 * v649
    del v595, v649
    v651 = v650 + v648
    del v648, v650
    v652 = v236 * v537
    del v236
    v653 = v652 + v651
    del v651, v652
    v654 = v500 + v569
    del v500
    v655 = v545 + v654
    del v654
    v656 = 4.0 * v655
    del v655
    v657 = v13 * v656
    del v13, v656
    v658 = v657 + v653
    del v653, v657
    v659 = v623 + v624
    del v623, v624
    v660 = v4 * v263
    del v4, v263
    v661 = v660 + v659
    del v659, v660
    v662 = v5 * v280
    del v280
    v663 = v662 + v661
    del v661, v662
    v664 = v1 * v111
    v665 = v664 + v663
    del v663, v664
    v666 = v2 * v117
    del v117
    v667 = v666 + v665
    del v665, v666
    v668 = v11 * v510
    del v11, v510
    v669 = v668 + v667
    del v667, v668
    v670 = v12 * v537
    del v537
    v671 = v670 + v669
    del v669, v670
    v672 = v9 * v536
    del v9
    v673 = v672 + v671
    del v671, v672
    v674 = v569 + v546
    del v546, v569
    v675 = 2.0 * v674
    del v674
    v676 = v10 * v675
    del v10, v675
    v677 = v676 + v673
    del v673, v676
    v678 = v593 + v597
    del v593, v597
    v679 = v5 * v264
    del v5, v264
    v680 = v679 + v678
    del v678, v679
    v681 = v7 * v279
    del v7, v279
    v682 = v681 + v680
    del v680, v681
    v683 = v1 * v97
    del v1, v97
    v684 = v683 + v682
    del v682, v683
    v685 = v2 * v111
    del v2, v111
    v686 = v685 + v684
    del v684, v685
    v687 = v15 * v517
    del v15, v517
    v688 = v687 + v686
    del v686, v687
    v689 = v14 * v536
    del v14, v536
    v690 = v689 + v688
    del v688, v689
    v691 = v570 + v545
    del v545, v570
    v692 = 2.0 * v691
    del v691
    v693 = v12 * v692
    del v12, v692
    v694 = v693 + v690
    del v690, v693
    v695 = 2.0 * v604
    del v604
    v696 = v695 + v694
    del v694, v695
    return torch.stack((v16, v146, v178, v210, v473, v359, v399, v493, v428, v607, v677, v552, v696, v658, v634, v578,), -2)


def value_and_vjp(x, ybar):
    """Return (y, xbar)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    v29 = v2 * v2
    v30 = v1 * v1
    v31 = v30 + v29
    del v29, v30
    v32 = v3 * v3
    v33 = v32 + v31
    del v31, v32
    v34 = v7 * v7
    v35 = v5 * v5
    v36 = v35 + v34
    del v34
    v37 = v8 * v8
    v38 = v37 + v36
    del v36
    v39 = v4 * v4
    v40 = v39 + v35
    del v35, v39
    v41 = v6 * v6
    v42 = v41 + v40
    del v40
    v43 = v42 + v38
    v44 = v41 + v37
    del v37, v41
    v45 = v4 + v7
    v46 = v45 * v45
    v47 = v46 + v44
    del v44, v46
    v48 = v47 + v43
    del v43
    v49 = v2 * v7
    v50 = v1 * v5
    v51 = v50 + v49
    del v49, v50
    v52 = v3 * v8
    v53 = v52 + v51
    del v51, v52
    v54 = v53 * v53
    v55 = v2 * v5
    v56 = v1 * v4
    v57 = v56 + v55
    del v55, v56
    v58 = v3 * v6
    v59 = v58 + v57
    del v57, v58
    v60 = v59 * v59
    v61 = v60 + v54
    del v54, v60
    v62 = v2 * v8
    v63 = v1 * v6
    v64 = v63 + v62
    del v62, v63
    v65 = v3 * v45
    v66 = v64 - v65
    del v64, v65
    v67 = v66 * v66
    v68 = v67 + v61
    del v61, v67
    v69 = v2 * v53
    v70 = v1 * v59
    v71 = v70 + v69
    del v69, v70
    v72 = v3 * v66
    v73 = v72 + v71
    del v71, v72
    v74 = v14 * v14
    v75 = v10 * v10
    v76 = v75 + v74
    del v74
    v77 = v10 + v14
    v78 = v77 * v77
    v79 = v78 + v76
    del v76
    v80 = v13 * v13
    v81 = v12 * v12
    v82 = v81 + v80
    v83 = v15 * v15
    v84 = v83 + v82
    del v82
    v85 = 2.0 * v84
    del v84
    v86 = v79 + v85
    del v79, v85
    v87 = v9 * v9
    v88 = v87 + v81
    del v81, v87
    v89 = v9 + v12
    v90 = v89 * v89
    v91 = v90 + v88
    del v88
    v92 = v11 * v11
    v93 = v75 + v92
    del v75
    v94 = v80 + v93
    del v93
    v95 = 2.0 * v94
    del v94
    v96 = v91 + v95
    del v91, v95
    v97 = v96 + v86
    v98 = v80 + v90
    del v80, v90
    v99 = v78 + v98
    del v78, v98
    v100 = 2.0 * v99
    del v99
    v101 = v92 + v83
    del v83, v92
    v102 = v11 + v15
    v103 = v102 * v102
    v104 = v103 + v101
    del v101, v103
    v105 = v104 + v100
    del v100, v104
    v106 = v105 + v97
    del v97
    v107 = v5 * v8
    v108 = v4 * v6
    v109 = v108 + v107
    del v107, v108
    v110 = v6 * v45
    v111 = v109 - v110
    del v109, v110
    v112 = v6 * v111
    v113 = v5 * v7
    v114 = v4 * v5
    v115 = v114 + v113
    del v113, v114
    v116 = v6 * v8
    v117 = v116 + v115
    del v115, v116
    v118 = v5 * v117
    v119 = v118 + v112
    del v112, v118
    v120 = v7 * v8
    v121 = v5 * v6
    v122 = v121 + v120
    del v120, v121
    v123 = v8 * v45
    v124 = v122 - v123
    del v122, v123
    v125 = v8 * v124
    v126 = v125 + v119
    del v119, v125
    v127 = 2.0 * v126
    del v126
    v128 = v7 * v38
    v129 = v4 * v42
    v130 = v129 + v128
    del v128, v129
    v131 = v45 * v47
    v132 = v130 - v131
    del v130, v131
    v133 = v132 + v127
    del v127, v132
    v134 = v2 * v14
    v135 = v1 * v12
    v136 = v135 + v134
    del v134, v135
    v137 = v3 * v15
    v138 = v137 + v136
    del v136, v137
    v139 = v138 * v138
    v140 = v2 * v10
    v141 = v1 * v9
    v142 = v141 + v140
    del v140, v141
    v143 = v3 * v11
    v144 = v143 + v142
    del v142, v143
    v145 = v144 * v144
    v146 = v145 + v139
    del v139, v145
    v147 = v144 + v138
    v148 = v147 * v147
    v149 = v148 + v146
    del v146, v148
    v150 = v2 * v13
    v151 = v1 * v11
    v152 = v151 + v150
    del v150, v151
    v153 = v3 * v89
    v154 = v152 - v153
    del v152, v153
    v155 = v154 * v154
    v156 = v2 * v12
    v157 = v1 * v10
    v158 = v157 + v156
    del v156, v157
    v159 = v3 * v13
    v160 = v159 + v158
    del v158, v159
    v161 = v160 * v160
    v162 = v161 + v155
    del v155, v161
    v163 = v2 * v15
    v164 = v1 * v13
    v165 = v164 + v163
    del v163, v164
    v166 = v3 * v77
    v167 = v165 - v166
    del v165, v166
    v168 = v167 * v167
    v169 = v168 + v162
    del v162, v168
    v170 = 2.0 * v169
    del v169
    v171 = v149 + v170
    del v149, v170
    v172 = v7 * v14
    v173 = v4 * v10
    v174 = v173 + v172
    del v172, v173
    v175 = v45 * v77
    v176 = v175 + v174
    del v174, v175
    v177 = v6 * v13
    v178 = v5 * v12
    v179 = v178 + v177
    del v177, v178
    v180 = v8 * v15
    v181 = v180 + v179
    del v179, v180
    v182 = 2.0 * v181
    del v181
    v183 = v176 + v182
    del v176, v182
    v184 = v183 * v183
    v185 = v7 * v12
    v186 = v4 * v9
    v187 = v186 + v185
    del v185, v186
    v188 = v45 * v89
    v189 = v188 + v187
    del v187, v188
    v190 = v6 * v11
    v191 = v5 * v10
    v192 = v191 + v190
    del v190, v191
    v193 = v8 * v13
    v194 = v193 + v192
    del v192, v193
    v195 = 2.0 * v194
    del v194
    v196 = v189 + v195
    del v189, v195
    v197 = v196 * v196
    v198 = v197 + v184
    del v184, v197
    v199 = v7 * v15
    v200 = v4 * v11
    v201 = v200 + v199
    del v199, v200
    v202 = v45 * v102
    v203 = v202 + v201
    del v201, v202
    v204 = v6 * v89
    v205 = v5 * v13
    v206 = v205 - v204
    del v204, v205
    v207 = v8 * v77
    v208 = v206 - v207
    del v206, v207
    v209 = 2.0 * v208
    del v208
    v210 = v203 + v209
    del v203, v209
    v211 = v210 * v210
    v212 = v211 + v198
    del v198, v211
    v213 = v2 * v138
    v214 = v1 * v160
    v215 = v214 + v213
    del v213, v214
    v216 = v3 * v167
    v217 = v216 + v215
    del v215, v216
    v218 = v2 * v217
    v219 = v2 * v160
    v220 = v1 * v144
    v221 = v220 + v219
    del v219, v220
    v222 = v3 * v154
    v223 = v222 + v221
    del v221, v222
    v224 = v1 * v223
    v225 = v224 + v218
    del v218, v224
    v226 = v2 * v167
    v227 = v1 * v154
    v228 = v227 + v226
    del v226, v227
    v229 = v3 * v147
    v230 = v228 - v229
    del v228, v229
    v231 = v3 * v230
    v232 = v231 + v225
    del v225, v231
    v233 = v12 * v15
    v234 = v9 * v11
    v235 = v234 + v233
    del v233, v234
    v236 = v89 * v102
    v237 = v236 + v235
    del v235, v236
    v238 = v11 * v89
    v239 = v10 * v13
    v240 = v239 - v238
    del v238, v239
    v241 = v13 * v77
    v242 = v240 - v241
    del v240, v241
    v243 = 2.0 * v242
    del v242
    v244 = v237 + v243
    del v237, v243
    v245 = v244 * v244
    v246 = v12 * v14
    v247 = v9 * v10
    v248 = v247 + v246
    del v246, v247
    v249 = v89 * v77
    v250 = v249 + v248
    del v248, v249
    v251 = v11 * v13
    v252 = v10 * v12
    v253 = v252 + v251
    del v251, v252
    v254 = v13 * v15
    v255 = v254 + v253
    del v253, v254
    v256 = 2.0 * v255
    del v255
    v257 = v250 + v256
    del v250, v256
    v258 = v257 * v257
    v259 = v258 + v245
    del v245, v258
    v260 = v14 * v15
    v261 = v10 * v11
    v262 = v261 + v260
    del v260, v261
    v263 = v77 * v102
    v264 = v263 + v262
    del v262, v263
    v265 = v13 * v89
    v266 = v12 * v13
    v267 = v266 - v265
    del v265, v266
    v268 = v15 * v77
    v269 = v267 - v268
    del v267, v268
    v270 = 2.0 * v269
    del v269
    v271 = v264 + v270
    del v264, v270
    v272 = v271 * v271
    v273 = v272 + v259
    del v259, v272
    v274 = 2.0 * v273
    del v273
    v275 = v86 * v86
    v276 = v96 * v96
    v277 = v276 + v275
    del v275, v276
    v278 = v105 * v105
    v279 = v278 + v277
    del v277, v278
    v280 = v279 + v274
    del v274, v279
    v281 = v6 * v244
    v282 = v5 * v257
    v283 = v282 + v281
    del v281, v282
    v284 = v8 * v271
    v285 = v284 + v283
    del v283, v284
    v286 = 2.0 * v285
    del v285
    v287 = v7 * v86
    v288 = v4 * v96
    v289 = v288 + v287
    del v287, v288
    v290 = v45 * v105
    v291 = v289 - v290
    del v289, v290
    v292 = v291 + v286
    del v286, v291
    v293 = v244 * v111
    v294 = v257 * v117
    v295 = v294 + v293
    del v293, v294
    v296 = v271 * v124
    v297 = v296 + v295
    del v295, v296
    v298 = 2.0 * v297
    del v297
    v299 = v86 * v38
    v300 = v96 * v42
    v301 = v300 + v299
    del v299, v300
    v302 = v105 * v47
    v303 = v302 + v301
    del v301, v302
    v304 = v303 + v298
    del v298, v303
    v305 = v24 * v223
    del v223
    v306 = v22 * v59
    v307 = 2.0 * v17
    del v17
    v308 = v1 * v307
    v309 = v308 + v306
    del v306, v308
    v310 = v305 + v309
    del v305, v309
    v311 = v3 * v24
    v312 = v154 * v311
    v313 = v312 + v310
    del v310, v312
    v314 = v2 * v24
    v315 = v160 * v314
    v316 = v315 + v313
    del v313, v315
    v317 = v1 * v24
    v318 = v144 * v317
    v319 = v318 + v316
    del v316, v318
    v320 = 4.0 * v25
    v321 = v167 * v320
    v322 = v2 * v311
    v323 = v321 + v322
    del v321, v322
    v324 = v3 * v314
    v325 = v324 + v323
    del v323, v324
    v326 = v13 * v325
    v327 = v326 + v319
    del v319, v326
    v328 = 2.0 * v25
    del v25
    v329 = v147 * v328
    v330 = v3 * v311
    v331 = v329 - v330
    del v329, v330
    v332 = v138 * v328
    v333 = v331 + v332
    del v332
    v334 = v2 * v314
    v335 = v334 + v333
    del v333, v334
    v336 = v12 * v335
    v337 = v336 + v327
    del v327, v336
    v338 = v154 * v320
    v339 = v1 * v311
    v340 = v338 + v339
    del v338, v339
    v341 = v3 * v317
    v342 = v341 + v340
    del v340, v341
    v343 = v11 * v342
    v344 = v343 + v337
    del v337, v343
    v345 = v160 * v320
    del v320
    v346 = v1 * v314
    v347 = v345 + v346
    del v345, v346
    v348 = v2 * v317
    v349 = v348 + v347
    del v347, v348
    v350 = v10 * v349
    v351 = v350 + v344
    del v344, v350
    v352 = v144 * v328
    del v144, v328
    v353 = v331 + v352
    del v331, v352
    v354 = v1 * v317
    v355 = v354 + v353
    del v353, v354
    v356 = v9 * v355
    v357 = v356 + v351
    del v351, v356
    v358 = 2.0 * v23
    del v23
    v359 = v66 * v358
    v360 = v3 * v22
    v361 = v360 + v359
    del v359, v360
    v362 = v6 * v361
    v363 = v362 + v357
    del v357, v362
    v364 = v53 * v358
    v365 = v2 * v22
    v366 = v365 + v364
    del v364, v365
    v367 = v5 * v366
    v368 = v367 + v363
    del v363, v367
    v369 = v59 * v358
    del v59, v358
    v370 = v1 * v22
    v371 = v370 + v369
    del v369, v370
    v372 = v4 * v371
    v373 = v372 + v368
    del v368, v372
    v374 = v24 * v217
    del v217
    v375 = v22 * v53
    del v53
    v376 = v2 * v307
    v377 = v376 + v375
    del v375, v376
    v378 = v374 + v377
    del v374, v377
    v379 = v167 * v311
    v380 = v379 + v378
    del v378, v379
    v381 = v138 * v314
    del v138
    v382 = v381 + v380
    del v380, v381
    v383 = v160 * v317
    del v160
    v384 = v383 + v382
    del v382, v383
    v385 = v15 * v325
    v386 = v385 + v384
    del v384, v385
    v387 = v14 * v335
    v388 = v387 + v386
    del v386, v387
    v389 = v13 * v342
    v390 = v389 + v388
    del v388, v389
    v391 = v12 * v349
    v392 = v391 + v390
    del v390, v391
    v393 = v10 * v355
    v394 = v393 + v392
    del v392, v393
    v395 = v8 * v361
    v396 = v395 + v394
    del v394, v395
    v397 = v7 * v366
    v398 = v397 + v396
    del v396, v397
    v399 = v5 * v371
    v400 = v399 + v398
    del v398, v399
    v401 = v24 * v230
    del v24, v230
    v402 = v22 * v66
    del v22, v66
    v403 = v3 * v307
    del v307
    v404 = v403 + v402
    del v402, v403
    v405 = v401 + v404
    del v401, v404
    v406 = v167 * v314
    del v167, v314
    v407 = v406 + v405
    del v405, v406
    v408 = v154 * v317
    del v154, v317
    v409 = v408 + v407
    del v407, v408
    v410 = v15 * v335
    v411 = v410 + v409
    del v409, v410
    v412 = v13 * v349
    v413 = v412 + v411
    del v411, v412
    v414 = v11 * v355
    v415 = v414 + v413
    del v413, v414
    v416 = v8 * v366
    v417 = v416 + v415
    del v415, v416
    v418 = v6 * v371
    v419 = v418 + v417
    del v417, v418
    v420 = v147 * v311
    del v147, v311
    v421 = v419 - v420
    del v419, v420
    v422 = v77 * v325
    v423 = v421 - v422
    del v421, v422
    v424 = v89 * v342
    v425 = v423 - v424
    del v423, v424
    v426 = v45 * v361
    v427 = v425 - v426
    del v425, v426
    v428 = 2.0 * v26
    v429 = v257 * v428
    v430 = 2.0 * v19
    v431 = v117 * v430
    v432 = v429 + v431
    del v429, v431
    v433 = 2.0 * v28
    del v28
    v434 = v210 * v433
    del v210
    v435 = 2.0 * v434
    v436 = v13 * v435
    v437 = v436 + v432
    del v432, v436
    v438 = v183 * v433
    del v183
    v439 = 2.0 * v438
    v440 = v12 * v439
    v441 = v440 + v437
    del v437, v440
    v442 = v196 * v433
    del v196, v433
    v443 = 2.0 * v442
    v444 = v10 * v443
    v445 = v444 + v441
    del v441, v444
    v446 = 2.0 * v27
    v447 = v271 * v446
    v448 = v8 * v430
    v449 = v448 + v447
    del v447, v448
    v450 = v6 * v449
    v451 = v450 + v445
    del v445, v450
    v452 = v244 * v446
    v453 = v6 * v430
    v454 = v453 + v452
    del v452, v453
    v455 = v8 * v454
    v456 = v455 + v451
    del v451, v455
    v457 = v257 * v446
    v458 = v5 * v430
    v459 = v458 + v457
    del v457, v458
    v460 = v45 * v459
    v461 = v460 + v456
    del v456, v460
    v462 = v27 * v96
    v463 = v4 * v19
    v464 = v18 + v463
    del v463
    v465 = v462 + v464
    del v462, v464
    v466 = v27 * v86
    v467 = v7 * v19
    v468 = v18 + v467
    del v467
    v469 = v466 + v468
    del v466, v468
    v470 = v469 + v465
    v471 = 2.0 * v470
    del v470
    v472 = v5 * v471
    del v471
    v473 = v472 + v461
    del v461, v472
    v474 = v1 * v366
    v475 = v474 + v473
    del v473, v474
    v476 = v2 * v371
    v477 = v476 + v475
    del v475, v476
    v478 = v244 * v428
    v479 = v111 * v430
    v480 = v478 + v479
    del v478, v479
    v481 = v13 * v439
    v482 = v481 + v480
    del v480, v481
    v483 = v11 * v443
    v484 = v483 + v482
    del v482, v483
    v485 = v5 * v449
    v486 = v485 + v484
    del v484, v485
    v487 = v4 - v45
    v488 = v454 * v487
    del v487
    v489 = v488 + v486
    del v486, v488
    v490 = v8 * v459
    v491 = v490 + v489
    del v489, v490
    v492 = v27 * v105
    v493 = v18 + v492
    del v18, v492
    v494 = v19 * v45
    v495 = v493 - v494
    del v493, v494
    v496 = v495 + v465
    v497 = 2.0 * v496
    del v496
    v498 = v6 * v497
    del v497
    v499 = v498 + v491
    del v491, v498
    v500 = v1 * v361
    v501 = v500 + v499
    del v499, v500
    v502 = v3 * v371
    v503 = v502 + v501
    del v501, v502
    v504 = v89 * v435
    v505 = v503 - v504
    del v503, v504
    v506 = v271 * v428
    v507 = v124 * v430
    del v430
    v508 = v506 + v507
    del v506, v507
    v509 = v15 * v439
    v510 = v509 + v508
    del v508, v509
    v511 = v13 * v443
    v512 = v511 + v510
    del v510, v511
    v513 = v7 - v45
    v514 = v449 * v513
    del v513
    v515 = v514 + v512
    del v512, v514
    v516 = v495 + v469
    v517 = 2.0 * v516
    del v516
    v518 = v8 * v517
    del v517
    v519 = v518 + v515
    del v515, v518
    v520 = v5 * v454
    v521 = v520 + v519
    del v519, v520
    v522 = v6 * v459
    v523 = v522 + v521
    del v521, v522
    v524 = v2 * v361
    v525 = v524 + v523
    del v523, v524
    v526 = v3 * v366
    v527 = v526 + v525
    del v525, v526
    v528 = v77 * v435
    v529 = v527 - v528
    del v527, v528
    v530 = v77 * v438
    v531 = v102 * v434
    v532 = v531 + v530
    del v530, v531
    v533 = v89 * v442
    v534 = v533 + v532
    del v532, v533
    v535 = 2.0 * v495
    del v495
    v536 = v45 * v535
    del v535
    v537 = v536 + v534
    del v534, v536
    v538 = v26 * v105
    v539 = v537 - v538
    del v537, v538
    v540 = v19 * v47
    v541 = v539 - v540
    del v539, v540
    v542 = v8 * v449
    del v449
    v543 = v541 - v542
    del v541
    v544 = v6 * v454
    del v454
    v545 = v543 - v544
    del v543
    v546 = v3 * v361
    del v361
    v547 = v545 - v546
    del v545, v546
    v548 = v544 + v547
    del v544
    v549 = v26 * v96
    v550 = v549 + v548
    del v548, v549
    v551 = v19 * v42
    v552 = v551 + v550
    del v550, v551
    v553 = v11 * v434
    v554 = v553 + v552
    del v552, v553
    v555 = v10 * v438
    v556 = v555 + v554
    del v554, v555
    v557 = v9 * v442
    v558 = v557 + v556
    del v556, v557
    v559 = v5 * v459
    del v459
    v560 = v559 + v558
    del v558
    v561 = 2.0 * v465
    del v465
    v562 = v4 * v561
    del v561
    v563 = v562 + v560
    del v560, v562
    v564 = v1 * v371
    del v371
    v565 = v564 + v563
    del v563, v564
    v566 = v542 + v547
    del v542, v547
    v567 = v559 + v566
    del v559, v566
    v568 = v26 * v86
    v569 = v568 + v567
    del v567, v568
    v570 = v19 * v38
    del v19
    v571 = v570 + v569
    del v569, v570
    v572 = v15 * v434
    v573 = v572 + v571
    del v571, v572
    v574 = v14 * v438
    v575 = v574 + v573
    del v573, v574
    v576 = v12 * v442
    v577 = v576 + v575
    del v575, v576
    v578 = 2.0 * v469
    del v469
    v579 = v7 * v578
    del v578
    v580 = v579 + v577
    del v577, v579
    v581 = v2 * v366
    del v366
    v582 = v581 + v580
    del v580, v581
    v583 = 2.0 * v21
    v584 = v105 * v583
    del v105
    v585 = v27 * v47
    del v47
    v586 = v20 + v585
    del v585
    v587 = v584 + v586
    del v584, v586
    v588 = v26 * v45
    v589 = v587 - v588
    del v587, v588
    v590 = 2.0 * v589
    v591 = v102 * v590
    v592 = v45 * v434
    v593 = v592 + v591
    del v591, v592
    v594 = 4.0 * v21
    del v21
    v595 = v271 * v594
    del v271
    v596 = v124 * v446
    del v124
    v597 = v8 * v428
    v598 = v597 + v596
    del v596, v597
    v599 = v595 + v598
    del v595, v598
    v600 = v77 * v599
    v601 = v600 + v593
    del v593
    v602 = v244 * v594
    del v244
    v603 = v111 * v446
    del v111
    v604 = v6 * v428
    v605 = v604 + v603
    del v603, v604
    v606 = v602 + v605
    del v602, v605
    v607 = v89 * v606
    v608 = v607 + v601
    del v601
    v609 = v4 * v434
    v610 = v608 + v609
    del v609
    v611 = v6 * v443
    v612 = v611 + v610
    del v610, v611
    v613 = v1 * v342
    v614 = v613 + v612
    del v612, v613
    v615 = v3 * v355
    v616 = v615 + v614
    del v614, v615
    v617 = v10 * v599
    v618 = v617 + v616
    del v616, v617
    v619 = v9 * v606
    v620 = v619 + v618
    del v618, v619
    v621 = v257 * v594
    del v257, v594
    v622 = v117 * v446
    del v117, v446
    v623 = v5 * v428
    del v428
    v624 = v623 + v622
    del v622, v623
    v625 = v621 + v624
    del v621, v624
    v626 = 2.0 * v625
    v627 = v13 * v626
    v628 = v627 + v620
    del v620
    v629 = v4 * v26
    v630 = v20 + v629
    del v629
    v631 = v27 * v42
    del v42
    v632 = v631 + v630
    del v630, v631
    v633 = v96 * v583
    del v96
    v634 = v633 + v632
    del v632, v633
    v635 = 2.0 * v634
    v636 = v589 + v635
    v637 = 2.0 * v636
    del v636
    v638 = v11 * v637
    del v637
    v639 = v638 + v628
    del v628, v638
    v640 = 2.0 * v607
    del v607
    v641 = v639 - v640
    del v639, v640
    v642 = v608 + v627
    del v608, v627
    v643 = v7 * v434
    del v434
    v644 = v643 + v642
    del v642, v643
    v645 = v8 * v439
    v646 = v645 + v644
    del v644, v645
    v647 = v2 * v325
    v648 = v647 + v646
    del v646, v647
    v649 = v3 * v335
    v650 = v649 + v648
    del v648, v649
    v651 = v14 * v599
    v652 = v651 + v650
    del v650, v651
    v653 = v7 * v26
    del v26
    v654 = v20 + v653
    del v20, v653
    v655 = v27 * v38
    del v27, v38
    v656 = v655 + v654
    del v654, v655
    v657 = v86 * v583
    del v86, v583
    v658 = v657 + v656
    del v656, v657
    v659 = 2.0 * v658
    v660 = v589 + v659
    v661 = 2.0 * v660
    del v660
    v662 = v15 * v661
    del v661
    v663 = v662 + v652
    del v652, v662
    v664 = v12 * v606
    v665 = v664 + v663
    del v663, v664
    v666 = 2.0 * v600
    del v600
    v667 = v665 - v666
    del v665, v666
    v668 = v102 * v606
    v669 = v45 * v442
    v670 = v669 + v668
    del v668, v669
    v671 = v77 * v625
    v672 = v671 + v670
    del v670, v671
    v673 = v590 + v634
    v674 = 2.0 * v673
    del v673
    v675 = v89 * v674
    del v674
    v676 = v675 + v672
    del v672, v675
    v677 = v6 * v435
    v678 = v676 - v677
    del v676, v677
    v679 = v3 * v342
    v680 = v678 - v679
    del v678, v679
    v681 = 2.0 * v599
    v682 = v13 * v681
    v683 = v680 - v682
    del v680
    v684 = 2.0 * v606
    v685 = v11 * v684
    v686 = v683 - v685
    del v683, v685
    v687 = v4 * v442
    v688 = v686 + v687
    del v687
    v689 = v1 * v355
    v690 = v689 + v688
    del v688, v689
    v691 = v11 * v606
    v692 = v691 + v690
    del v690, v691
    v693 = v10 * v625
    v694 = v693 + v692
    del v692
    v695 = v9 * v635
    v696 = v695 + v694
    del v694, v695
    v697 = v102 * v599
    v698 = v45 * v438
    del v45
    v699 = v698 + v697
    del v697, v698
    v700 = v658 + v590
    del v590
    v701 = 2.0 * v700
    del v700
    v702 = v77 * v701
    del v701
    v703 = v702 + v699
    del v699, v702
    v704 = v89 * v625
    v705 = v704 + v703
    del v703, v704
    v706 = v8 * v435
    v707 = v705 - v706
    del v705, v706
    v708 = v3 * v325
    v709 = v707 - v708
    del v707, v708
    v710 = v15 * v681
    v711 = v709 - v710
    del v709, v710
    v712 = v13 * v684
    v713 = v711 - v712
    del v711
    v714 = v7 * v438
    v715 = v713 + v714
    del v714
    v716 = v2 * v335
    v717 = v716 + v715
    del v715, v716
    v718 = v15 * v599
    v719 = v718 + v717
    del v717, v718
    v720 = v14 * v659
    v721 = v720 + v719
    del v719, v720
    v722 = v12 * v625
    v723 = v722 + v721
    del v721, v722
    v724 = v6 * v439
    del v6
    v725 = v5 * v435
    del v435
    v726 = v725 + v724
    del v724, v725
    v727 = v8 * v443
    del v8
    v728 = v727 + v726
    del v726, v727
    v729 = v1 * v325
    del v325
    v730 = v729 + v728
    del v728, v729
    v731 = v2 * v342
    del v342
    v732 = v731 + v730
    del v730, v731
    v733 = v3 * v349
    del v3
    v734 = v733 + v732
    del v732, v733
    v735 = v12 - v89
    del v89
    v736 = v681 * v735
    del v681, v735
    v737 = v736 + v734
    del v734, v736
    v738 = v10 - v77
    del v77
    v739 = v684 * v738
    del v684, v738
    v740 = v739 + v737
    del v737, v739
    v741 = v102 * v626
    del v102
    v742 = v741 + v740
    del v740, v741
    v743 = v589 + v658
    del v589
    v744 = v634 + v743
    del v743
    v745 = 4.0 * v744
    del v744
    v746 = v13 * v745
    del v13, v745
    v747 = v746 + v742
    del v742, v746
    v748 = v712 + v713
    del v712, v713
    v749 = v4 * v438
    del v4, v438
    v750 = v749 + v748
    del v748, v749
    v751 = v5 * v443
    del v443
    v752 = v751 + v750
    del v750, v751
    v753 = v1 * v349
    v754 = v753 + v752
    del v752, v753
    v755 = v2 * v355
    del v355
    v756 = v755 + v754
    del v754, v755
    v757 = v11 * v599
    del v11, v599
    v758 = v757 + v756
    del v756, v757
    v759 = v12 * v626
    del v626
    v760 = v759 + v758
    del v758, v759
    v761 = v9 * v625
    del v9
    v762 = v761 + v760
    del v760, v761
    v763 = v658 + v635
    del v635, v658
    v764 = 2.0 * v763
    del v763
    v765 = v10 * v764
    del v10, v764
    v766 = v765 + v762
    del v762, v765
    v767 = v682 + v686
    del v682, v686
    v768 = v5 * v439
    del v5, v439
    v769 = v768 + v767
    del v767, v768
    v770 = v7 * v442
    del v7, v442
    v771 = v770 + v769
    del v769, v770
    v772 = v1 * v335
    del v1, v335
    v773 = v772 + v771
    del v771, v772
    v774 = v2 * v349
    del v2, v349
    v775 = v774 + v773
    del v773, v774
    v776 = v15 * v606
    del v15, v606
    v777 = v776 + v775
    del v775, v776
    v778 = v14 * v625
    del v14, v625
    v779 = v778 + v777
    del v777, v778
    v780 = v659 + v634
    del v634, v659
    v781 = 2.0 * v780
    del v780
    v782 = v12 * v781
    del v12, v781
    v783 = v782 + v779
    del v779, v782
    v784 = 2.0 * v693
    del v693
    v785 = v784 + v783
    del v783, v784
    return torch.stack((v0, v33, v48, v133, v106, v280, v73, v68, v232, v171, v292, v304, v212,), -2), torch.stack((v16, v373, v400, v427, v565, v477, v505, v582, v529, v696, v766, v641, v785, v747, v723, v667,), -2)


def jvp(x, u):
    """Return ydot, the derivative of y along u."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30, v31,) = u.unbind(-2)
    v32 = v2 * v18
    v33 = v1 * v17
    v34 = v33 + v32
    del v32, v33
    v35 = v3 * v19
    v36 = v35 + v34
    del v34, v35
    v37 = 2.0 * v36
    del v36
    v38 = v7 * v23
    v39 = v5 * v21
    v40 = v39 + v38
    del v38
    v41 = v8 * v24
    v42 = v41 + v40
    del v40
    v43 = v4 * v20
    v44 = v43 + v39
    del v39, v43
    v45 = v6 * v22
    v46 = v45 + v44
    del v44
    v47 = v46 + v42
    v48 = v45 + v41
    del v41, v45
    v49 = v20 + v23
    v50 = v4 + v7
    v51 = v50 * v49
    v52 = v51 + v48
    del v48, v51
    v53 = v52 + v47
    del v47
    v54 = 2.0 * v53
    del v53
    v55 = v5 * v24
    v56 = v8 * v21
    v57 = v56 + v55
    del v55, v56
    v58 = v4 * v22
    v59 = v6 * v20
    v60 = v59 + v58
    del v58, v59
    v61 = v60 + v57
    del v57, v60
    v62 = v6 * v49
    v63 = v22 * v50
    v64 = v63 + v62
    del v62, v63
    v65 = v61 - v64
    del v61, v64
    v66 = v6 * v65
    v67 = v5 * v8
    v68 = v4 * v6
    v69 = v68 + v67
    del v67, v68
    v70 = v6 * v50
    v71 = v69 - v70
    del v69, v70
    v72 = v22 * v71
    v73 = v72 + v66
    del v66, v72
    v74 = v5 * v23
    v75 = v7 * v21
    v76 = v75 + v74
    del v74, v75
    v77 = v4 * v21
    v78 = v5 * v20
    v79 = v78 + v77
    del v77, v78
    v80 = v79 + v76
    del v76, v79
    v81 = v6 * v24
    v82 = v8 * v22
    v83 = v82 + v81
    del v81, v82
    v84 = v83 + v80
    del v80, v83
    v85 = v5 * v84
    v86 = v5 * v7
    v87 = v4 * v5
    v88 = v87 + v86
    del v86, v87
    v89 = v6 * v8
    v90 = v89 + v88
    del v88, v89
    v91 = v21 * v90
    v92 = v91 + v85
    del v85, v91
    v93 = v92 + v73
    del v73, v92
    v94 = v7 * v24
    v95 = v8 * v23
    v96 = v95 + v94
    del v94, v95
    v97 = v5 * v22
    v98 = v6 * v21
    v99 = v98 + v97
    del v97, v98
    v100 = v99 + v96
    del v96, v99
    v101 = v8 * v49
    v102 = v24 * v50
    v103 = v102 + v101
    del v101, v102
    v104 = v100 - v103
    del v100, v103
    v105 = v8 * v104
    v106 = v7 * v8
    v107 = v5 * v6
    v108 = v107 + v106
    del v106, v107
    v109 = v8 * v50
    v110 = v108 - v109
    del v108, v109
    v111 = v24 * v110
    v112 = v111 + v105
    del v105, v111
    v113 = v112 + v93
    del v93, v112
    v114 = 2.0 * v113
    del v113
    v115 = 2.0 * v42
    del v42
    v116 = v7 * v115
    v117 = v7 * v7
    v118 = v5 * v5
    v119 = v118 + v117
    del v117
    v120 = v8 * v8
    v121 = v120 + v119
    del v119
    v122 = v23 * v121
    v123 = v122 + v116
    del v116, v122
    v124 = 2.0 * v46
    del v46
    v125 = v4 * v124
    v126 = v4 * v4
    v127 = v126 + v118
    del v118, v126
    v128 = v6 * v6
    v129 = v128 + v127
    del v127
    v130 = v20 * v129
    v131 = v130 + v125
    del v125, v130
    v132 = v131 + v123
    del v123, v131
    v133 = 2.0 * v52
    del v52
    v134 = v50 * v133
    v135 = v128 + v120
    del v120, v128
    v136 = v50 * v50
    v137 = v136 + v135
    del v135, v136
    v138 = v137 * v49
    v139 = v138 + v134
    del v134, v138
    v140 = v132 - v139
    del v132, v139
    v141 = v140 + v114
    del v114, v140
    v142 = v14 * v30
    v143 = v10 * v26
    v144 = v143 + v142
    del v142
    v145 = v26 + v30
    v146 = v10 + v14
    v147 = v146 * v145
    v148 = v147 + v144
    del v144
    v149 = 2.0 * v148
    del v148
    v150 = v13 * v29
    v151 = v12 * v28
    v152 = v151 + v150
    v153 = v15 * v31
    v154 = v153 + v152
    del v152
    v155 = 4.0 * v154
    del v154
    v156 = v149 + v155
    del v149, v155
    v157 = v9 * v25
    v158 = v157 + v151
    del v151, v157
    v159 = v25 + v28
    v160 = v9 + v12
    v161 = v160 * v159
    v162 = v161 + v158
    del v158
    v163 = 2.0 * v162
    del v162
    v164 = v11 * v27
    v165 = v143 + v164
    del v143
    v166 = v150 + v165
    del v165
    v167 = 4.0 * v166
    del v166
    v168 = v163 + v167
    del v163, v167
    v169 = v168 + v156
    v170 = v150 + v161
    del v150, v161
    v171 = v147 + v170
    del v147, v170
    v172 = 4.0 * v171
    del v171
    v173 = v164 + v153
    del v153, v164
    v174 = v27 + v31
    v175 = v11 + v15
    v176 = v175 * v174
    v177 = v176 + v173
    del v173, v176
    v178 = 2.0 * v177
    del v177
    v179 = v178 + v172
    del v172, v178
    v180 = v179 + v169
    del v169
    v181 = v12 * v31
    v182 = v15 * v28
    v183 = v182 + v181
    del v181, v182
    v184 = v9 * v27
    v185 = v11 * v25
    v186 = v185 + v184
    del v184, v185
    v187 = v186 + v183
    del v183, v186
    v188 = v160 * v174
    v189 = v175 * v159
    v190 = v189 + v188
    del v188, v189
    v191 = v190 + v187
    del v187, v190
    v192 = v11 * v159
    v193 = v27 * v160
    v194 = v193 + v192
    del v192, v193
    v195 = v10 * v29
    v196 = v13 * v26
    v197 = v196 + v195
    del v195, v196
    v198 = v197 - v194
    del v194, v197
    v199 = v13 * v145
    v200 = v29 * v146
    v201 = v200 + v199
    del v199, v200
    v202 = v198 - v201
    del v198, v201
    v203 = 2.0 * v202
    del v202
    v204 = v191 + v203
    del v191, v203
    v205 = v12 * v15
    v206 = v9 * v11
    v207 = v206 + v205
    del v205, v206
    v208 = v160 * v175
    v209 = v208 + v207
    del v207, v208
    v210 = v11 * v160
    v211 = v10 * v13
    v212 = v211 - v210
    del v210, v211
    v213 = v13 * v146
    v214 = v212 - v213
    del v212, v213
    v215 = 2.0 * v214
    del v214
    v216 = v209 + v215
    del v209, v215
    v217 = v216 * v204
    v218 = v12 * v30
    v219 = v14 * v28
    v220 = v219 + v218
    del v218, v219
    v221 = v9 * v26
    v222 = v10 * v25
    v223 = v222 + v221
    del v221, v222
    v224 = v223 + v220
    del v220, v223
    v225 = v160 * v145
    v226 = v146 * v159
    v227 = v226 + v225
    del v225, v226
    v228 = v227 + v224
    del v224, v227
    v229 = v11 * v29
    v230 = v13 * v27
    v231 = v230 + v229
    del v229, v230
    v232 = v10 * v28
    v233 = v12 * v26
    v234 = v233 + v232
    del v232, v233
    v235 = v234 + v231
    del v231, v234
    v236 = v13 * v31
    v237 = v15 * v29
    v238 = v237 + v236
    del v236, v237
    v239 = v238 + v235
    del v235, v238
    v240 = 2.0 * v239
    del v239
    v241 = v228 + v240
    del v228, v240
    v242 = v12 * v14
    v243 = v9 * v10
    v244 = v243 + v242
    del v242, v243
    v245 = v160 * v146
    v246 = v245 + v244
    del v244, v245
    v247 = v11 * v13
    v248 = v10 * v12
    v249 = v248 + v247
    del v247, v248
    v250 = v13 * v15
    v251 = v250 + v249
    del v249, v250
    v252 = 2.0 * v251
    del v251
    v253 = v246 + v252
    del v246, v252
    v254 = v253 * v241
    v255 = v254 + v217
    del v217, v254
    v256 = v14 * v31
    v257 = v15 * v30
    v258 = v257 + v256
    del v256, v257
    v259 = v10 * v27
    v260 = v11 * v26
    v261 = v260 + v259
    del v259, v260
    v262 = v261 + v258
    del v258, v261
    v263 = v146 * v174
    v264 = v175 * v145
    v265 = v264 + v263
    del v263, v264
    v266 = v265 + v262
    del v262, v265
    v267 = v13 * v159
    v268 = v29 * v160
    v269 = v268 + v267
    del v267, v268
    v270 = v12 * v29
    v271 = v13 * v28
    v272 = v271 + v270
    del v270, v271
    v273 = v272 - v269
    del v269, v272
    v274 = v15 * v145
    v275 = v31 * v146
    v276 = v275 + v274
    del v274, v275
    v277 = v273 - v276
    del v273, v276
    v278 = 2.0 * v277
    del v277
    v279 = v266 + v278
    del v266, v278
    v280 = v14 * v15
    v281 = v10 * v11
    v282 = v281 + v280
    del v280, v281
    v283 = v146 * v175
    v284 = v283 + v282
    del v282, v283
    v285 = v13 * v160
    v286 = v12 * v13
    v287 = v286 - v285
    del v285, v286
    v288 = v15 * v146
    v289 = v287 - v288
    del v287, v288
    v290 = 2.0 * v289
    del v289
    v291 = v284 + v290
    del v284, v290
    v292 = v291 * v279
    v293 = v292 + v255
    del v255, v292
    v294 = 4.0 * v293
    del v293
    v295 = v14 * v14
    v296 = v10 * v10
    v297 = v296 + v295
    del v295
    v298 = v146 * v146
    v299 = v298 + v297
    del v297
    v300 = v13 * v13
    v301 = v12 * v12
    v302 = v301 + v300
    v303 = v15 * v15
    v304 = v303 + v302
    del v302
    v305 = 2.0 * v304
    del v304
    v306 = v299 + v305
    del v299, v305
    v307 = v306 * v156
    v308 = v9 * v9
    v309 = v308 + v301
    del v301, v308
    v310 = v160 * v160
    v311 = v310 + v309
    del v309
    v312 = v11 * v11
    v313 = v296 + v312
    del v296
    v314 = v300 + v313
    del v313
    v315 = 2.0 * v314
    del v314
    v316 = v311 + v315
    del v311, v315
    v317 = v316 * v168
    v318 = v317 + v307
    del v307, v317
    v319 = v300 + v310
    del v300, v310
    v320 = v298 + v319
    del v298, v319
    v321 = 2.0 * v320
    del v320
    v322 = v312 + v303
    del v303, v312
    v323 = v175 * v175
    v324 = v323 + v322
    del v322, v323
    v325 = v324 + v321
    del v321, v324
    v326 = v325 * v179
    v327 = v326 + v318
    del v318, v326
    v328 = 2.0 * v327
    del v327
    v329 = v328 + v294
    del v294, v328
    v330 = v2 * v23
    v331 = v7 * v18
    v332 = v331 + v330
    del v330, v331
    v333 = v1 * v21
    v334 = v5 * v17
    v335 = v334 + v333
    del v333, v334
    v336 = v335 + v332
    del v332, v335
    v337 = v3 * v24
    v338 = v8 * v19
    v339 = v338 + v337
    del v337, v338
    v340 = v339 + v336
    del v336, v339
    v341 = v2 * v340
    v342 = v2 * v7
    v343 = v1 * v5
    v344 = v343 + v342
    del v342, v343
    v345 = v3 * v8
    v346 = v345 + v344
    del v344, v345
    v347 = v18 * v346
    v348 = v347 + v341
    del v341, v347
    v349 = v2 * v21
    v350 = v5 * v18
    v351 = v350 + v349
    del v349, v350
    v352 = v1 * v20
    v353 = v4 * v17
    v354 = v353 + v352
    del v352, v353
    v355 = v354 + v351
    del v351, v354
    v356 = v3 * v22
    v357 = v6 * v19
    v358 = v357 + v356
    del v356, v357
    v359 = v358 + v355
    del v355, v358
    v360 = v1 * v359
    v361 = v2 * v5
    v362 = v1 * v4
    v363 = v362 + v361
    del v361, v362
    v364 = v3 * v6
    v365 = v364 + v363
    del v363, v364
    v366 = v17 * v365
    v367 = v366 + v360
    del v360, v366
    v368 = v367 + v348
    del v348, v367
    v369 = v2 * v24
    v370 = v8 * v18
    v371 = v370 + v369
    del v369, v370
    v372 = v1 * v22
    v373 = v6 * v17
    v374 = v373 + v372
    del v372, v373
    v375 = v374 + v371
    del v371, v374
    v376 = v3 * v49
    v377 = v19 * v50
    v378 = v377 + v376
    del v376, v377
    v379 = v375 - v378
    del v375, v378
    v380 = v3 * v379
    v381 = v2 * v8
    v382 = v1 * v6
    v383 = v382 + v381
    del v381, v382
    v384 = v3 * v50
    v385 = v383 - v384
    del v383, v384
    v386 = v19 * v385
    v387 = v386 + v380
    del v380, v386
    v388 = v387 + v368
    del v368, v387
    v389 = v346 * v340
    del v340, v346
    v390 = v365 * v359
    del v359, v365
    v391 = v390 + v389
    del v389, v390
    v392 = v385 * v379
    del v379, v385
    v393 = v392 + v391
    del v391, v392
    v394 = 2.0 * v393
    del v393
    v395 = v2 * v30
    v396 = v14 * v18
    v397 = v396 + v395
    del v395, v396
    v398 = v1 * v28
    v399 = v12 * v17
    v400 = v399 + v398
    del v398, v399
    v401 = v400 + v397
    del v397, v400
    v402 = v3 * v31
    v403 = v15 * v19
    v404 = v403 + v402
    del v402, v403
    v405 = v404 + v401
    del v401, v404
    v406 = v2 * v405
    v407 = v2 * v14
    v408 = v1 * v12
    v409 = v408 + v407
    del v407, v408
    v410 = v3 * v15
    v411 = v410 + v409
    del v409, v410
    v412 = v18 * v411
    v413 = v412 + v406
    del v406, v412
    v414 = v2 * v28
    v415 = v12 * v18
    v416 = v415 + v414
    del v414, v415
    v417 = v1 * v26
    v418 = v10 * v17
    v419 = v418 + v417
    del v417, v418
    v420 = v419 + v416
    del v416, v419
    v421 = v3 * v29
    v422 = v13 * v19
    v423 = v422 + v421
    del v421, v422
    v424 = v423 + v420
    del v420, v423
    v425 = v1 * v424
    v426 = v2 * v12
    v427 = v1 * v10
    v428 = v427 + v426
    del v426, v427
    v429 = v3 * v13
    v430 = v429 + v428
    del v428, v429
    v431 = v17 * v430
    v432 = v431 + v425
    del v425, v431
    v433 = v432 + v413
    del v413, v432
    v434 = v2 * v31
    v435 = v15 * v18
    v436 = v435 + v434
    del v434, v435
    v437 = v1 * v29
    v438 = v13 * v17
    v439 = v438 + v437
    del v437, v438
    v440 = v439 + v436
    del v436, v439
    v441 = v3 * v145
    v442 = v19 * v146
    v443 = v442 + v441
    del v441, v442
    v444 = v440 - v443
    del v440, v443
    v445 = v3 * v444
    v446 = v2 * v15
    v447 = v1 * v13
    v448 = v447 + v446
    del v446, v447
    v449 = v3 * v146
    v450 = v448 - v449
    del v448, v449
    v451 = v19 * v450
    v452 = v451 + v445
    del v445, v451
    v453 = v452 + v433
    del v433, v452
    v454 = v2 * v453
    del v453
    v455 = v2 * v411
    v456 = v1 * v430
    v457 = v456 + v455
    del v455, v456
    v458 = v3 * v450
    v459 = v458 + v457
    del v457, v458
    v460 = v18 * v459
    del v459
    v461 = v460 + v454
    del v454, v460
    v462 = v2 * v424
    v463 = v18 * v430
    v464 = v463 + v462
    del v462, v463
    v465 = v2 * v26
    v466 = v10 * v18
    v467 = v466 + v465
    del v465, v466
    v468 = v1 * v25
    v469 = v9 * v17
    v470 = v469 + v468
    del v468, v469
    v471 = v470 + v467
    del v467, v470
    v472 = v3 * v27
    v473 = v11 * v19
    v474 = v473 + v472
    del v472, v473
    v475 = v474 + v471
    del v471, v474
    v476 = v1 * v475
    v477 = v2 * v10
    v478 = v1 * v9
    v479 = v478 + v477
    del v477, v478
    v480 = v3 * v11
    v481 = v480 + v479
    del v479, v480
    v482 = v17 * v481
    v483 = v482 + v476
    del v476, v482
    v484 = v483 + v464
    del v464, v483
    v485 = v2 * v29
    v486 = v13 * v18
    v487 = v486 + v485
    del v485, v486
    v488 = v1 * v27
    v489 = v11 * v17
    v490 = v489 + v488
    del v488, v489
    v491 = v490 + v487
    del v487, v490
    v492 = v3 * v159
    v493 = v19 * v160
    v494 = v493 + v492
    del v492, v493
    v495 = v491 - v494
    del v491, v494
    v496 = v3 * v495
    v497 = v2 * v13
    v498 = v1 * v11
    v499 = v498 + v497
    del v497, v498
    v500 = v3 * v160
    v501 = v499 - v500
    del v499, v500
    v502 = v19 * v501
    v503 = v502 + v496
    del v496, v502
    v504 = v503 + v484
    del v484, v503
    v505 = v1 * v504
    del v504
    v506 = v2 * v430
    v507 = v1 * v481
    v508 = v507 + v506
    del v506, v507
    v509 = v3 * v501
    v510 = v509 + v508
    del v508, v509
    v511 = v17 * v510
    del v510
    v512 = v511 + v505
    del v505, v511
    v513 = v512 + v461
    del v461, v512
    v514 = v2 * v444
    v515 = v18 * v450
    del v18
    v516 = v515 + v514
    del v514, v515
    v517 = v1 * v495
    v518 = v17 * v501
    del v17
    v519 = v518 + v517
    del v517, v518
    v520 = v519 + v516
    del v516, v519
    v521 = v475 + v405
    v522 = v3 * v521
    v523 = v481 + v411
    v524 = v19 * v523
    v525 = v524 + v522
    del v522, v524
    v526 = v520 - v525
    del v520, v525
    v527 = v3 * v526
    del v526
    v528 = v2 * v450
    del v2
    v529 = v1 * v501
    del v1
    v530 = v529 + v528
    del v528, v529
    v531 = v3 * v523
    del v3
    v532 = v530 - v531
    del v530, v531
    v533 = v19 * v532
    del v19, v532
    v534 = v533 + v527
    del v527, v533
    v535 = v534 + v513
    del v513, v534
    v536 = v411 * v405
    del v405, v411
    v537 = v481 * v475
    del v475, v481
    v538 = v537 + v536
    del v536, v537
    v539 = v523 * v521
    del v521, v523
    v540 = v539 + v538
    del v538, v539
    v541 = 2.0 * v540
    del v540
    v542 = v501 * v495
    del v495, v501
    v543 = v430 * v424
    del v424, v430
    v544 = v543 + v542
    del v542, v543
    v545 = v450 * v444
    del v444, v450
    v546 = v545 + v544
    del v544, v545
    v547 = 4.0 * v546
    del v546
    v548 = v541 + v547
    del v541, v547
    v549 = v6 * v204
    v550 = v22 * v216
    v551 = v550 + v549
    del v549, v550
    v552 = v5 * v241
    v553 = v21 * v253
    v554 = v553 + v552
    del v552, v553
    v555 = v554 + v551
    del v551, v554
    v556 = v8 * v279
    v557 = v24 * v291
    v558 = v557 + v556
    del v556, v557
    v559 = v558 + v555
    del v555, v558
    v560 = 2.0 * v559
    del v559
    v561 = v7 * v156
    v562 = v23 * v306
    v563 = v562 + v561
    del v561, v562
    v564 = v4 * v168
    v565 = v20 * v316
    v566 = v565 + v564
    del v564, v565
    v567 = v566 + v563
    del v563, v566
    v568 = v50 * v179
    v569 = v325 * v49
    v570 = v569 + v568
    del v568, v569
    v571 = v567 - v570
    del v567, v570
    v572 = v571 + v560
    del v560, v571
    v573 = v216 * v65
    del v65, v216
    v574 = v71 * v204
    del v71, v204
    v575 = v574 + v573
    del v573, v574
    v576 = v253 * v84
    del v84, v253
    v577 = v90 * v241
    del v90, v241
    v578 = v577 + v576
    del v576, v577
    v579 = v578 + v575
    del v575, v578
    v580 = v291 * v104
    del v104, v291
    v581 = v110 * v279
    del v110, v279
    v582 = v581 + v580
    del v580, v581
    v583 = v582 + v579
    del v579, v582
    v584 = 2.0 * v583
    del v583
    v585 = v306 * v115
    del v115, v306
    v586 = v121 * v156
    del v121, v156
    v587 = v586 + v585
    del v585, v586
    v588 = v316 * v124
    del v124, v316
    v589 = v129 * v168
    del v129, v168
    v590 = v589 + v588
    del v588, v589
    v591 = v590 + v587
    del v587, v590
    v592 = v325 * v133
    del v133, v325
    v593 = v137 * v179
    del v137, v179
    v594 = v593 + v592
    del v592, v593
    v595 = v594 + v591
    del v591, v594
    v596 = v595 + v584
    del v584, v595
    v597 = v7 * v30
    del v30
    v598 = v14 * v23
    v599 = v598 + v597
    del v597, v598
    v600 = v4 * v26
    v601 = v10 * v20
    v602 = v601 + v600
    del v600, v601
    v603 = v602 + v599
    del v599, v602
    v604 = v50 * v145
    v605 = v146 * v49
    v606 = v605 + v604
    del v604, v605
    v607 = v606 + v603
    del v603, v606
    v608 = v6 * v29
    v609 = v13 * v22
    v610 = v609 + v608
    del v608, v609
    v611 = v5 * v28
    v612 = v12 * v21
    v613 = v612 + v611
    del v611, v612
    v614 = v613 + v610
    del v610, v613
    v615 = v8 * v31
    v616 = v15 * v24
    v617 = v616 + v615
    del v615, v616
    v618 = v617 + v614
    del v614, v617
    v619 = 2.0 * v618
    del v618
    v620 = v607 + v619
    del v607, v619
    v621 = v7 * v14
    del v14
    v622 = v4 * v10
    v623 = v622 + v621
    del v621, v622
    v624 = v50 * v146
    v625 = v624 + v623
    del v623, v624
    v626 = v6 * v13
    v627 = v5 * v12
    v628 = v627 + v626
    del v626, v627
    v629 = v8 * v15
    v630 = v629 + v628
    del v628, v629
    v631 = 2.0 * v630
    del v630
    v632 = v625 + v631
    del v625, v631
    v633 = v632 * v620
    del v620, v632
    v634 = v7 * v28
    del v28
    v635 = v12 * v23
    v636 = v635 + v634
    del v634, v635
    v637 = v4 * v25
    del v25
    v638 = v9 * v20
    v639 = v638 + v637
    del v637, v638
    v640 = v639 + v636
    del v636, v639
    v641 = v50 * v159
    v642 = v160 * v49
    v643 = v642 + v641
    del v641, v642
    v644 = v643 + v640
    del v640, v643
    v645 = v6 * v27
    v646 = v11 * v22
    v647 = v646 + v645
    del v645, v646
    v648 = v5 * v26
    del v26
    v649 = v10 * v21
    v650 = v649 + v648
    del v648, v649
    v651 = v650 + v647
    del v647, v650
    v652 = v8 * v29
    v653 = v13 * v24
    v654 = v653 + v652
    del v652, v653
    v655 = v654 + v651
    del v651, v654
    v656 = 2.0 * v655
    del v655
    v657 = v644 + v656
    del v644, v656
    v658 = v7 * v12
    del v12
    v659 = v4 * v9
    del v9
    v660 = v659 + v658
    del v658, v659
    v661 = v50 * v160
    v662 = v661 + v660
    del v660, v661
    v663 = v6 * v11
    v664 = v5 * v10
    del v10
    v665 = v664 + v663
    del v663, v664
    v666 = v8 * v13
    v667 = v666 + v665
    del v665, v666
    v668 = 2.0 * v667
    del v667
    v669 = v662 + v668
    del v662, v668
    v670 = v669 * v657
    del v657, v669
    v671 = v670 + v633
    del v633, v670
    v672 = v7 * v31
    del v31
    v673 = v15 * v23
    del v23
    v674 = v673 + v672
    del v672, v673
    v675 = v4 * v27
    del v27
    v676 = v11 * v20
    del v20
    v677 = v676 + v675
    del v675, v676
    v678 = v677 + v674
    del v674, v677
    v679 = v50 * v174
    del v174
    v680 = v175 * v49
    del v49
    v681 = v680 + v679
    del v679, v680
    v682 = v681 + v678
    del v678, v681
    v683 = v6 * v159
    del v159
    v684 = v22 * v160
    del v22
    v685 = v684 + v683
    del v683, v684
    v686 = v5 * v29
    del v29
    v687 = v13 * v21
    del v21
    v688 = v687 + v686
    del v686, v687
    v689 = v688 - v685
    del v685, v688
    v690 = v8 * v145
    del v145
    v691 = v24 * v146
    del v24
    v692 = v691 + v690
    del v690, v691
    v693 = v689 - v692
    del v689, v692
    v694 = 2.0 * v693
    del v693
    v695 = v682 + v694
    del v682, v694
    v696 = v7 * v15
    del v7, v15
    v697 = v4 * v11
    del v4, v11
    v698 = v697 + v696
    del v696, v697
    v699 = v50 * v175
    del v50, v175
    v700 = v699 + v698
    del v698, v699
    v701 = v6 * v160
    del v6, v160
    v702 = v5 * v13
    del v5, v13
    v703 = v702 - v701
    del v701, v702
    v704 = v8 * v146
    del v8, v146
    v705 = v703 - v704
    del v703, v704
    v706 = 2.0 * v705
    del v705
    v707 = v700 + v706
    del v700, v706
    v708 = v707 * v695
    del v695, v707
    v709 = v708 + v671
    del v671, v708
    v710 = 2.0 * v709
    del v709
    return torch.stack((v16, v37, v54, v141, v180, v329, v388, v394, v535, v548, v572, v596, v710,), -2)


def vjp_of_vjp(x, ybar, u):
    """Return the gradients of vjp(x, ybar) . u with respect to x and ybar."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (_, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    (v29, v30, v31, v32, v33, v34, v35, v36, v37, v38, v39, v40, v41, v42, v43, v44,) = u.unbind(-2)
    v45 = torch.full_like(x.select(-2, 0), 0.0)
    v46 = v2 * v31
    v47 = v1 * v30
    v48 = v47 + v46
    del v46, v47
    v49 = v3 * v32
    v50 = v49 + v48
    del v48, v49
    v51 = 2.0 * v50
    del v50
    v52 = v7 * v36
    v53 = v5 * v34
    v54 = v53 + v52
    del v52
    v55 = v8 * v37
    v56 = v55 + v54
    del v54
    v57 = v4 * v33
    v58 = v57 + v53
    del v53, v57
    v59 = v6 * v35
    v60 = v59 + v58
    del v58
    v61 = v60 + v56
    v62 = v59 + v55
    del v55, v59
    v63 = v33 + v36
    v64 = v4 + v7
    v65 = v64 * v63
    v66 = v65 + v62
    del v62, v65
    v67 = v66 + v61
    del v61
    v68 = 2.0 * v67
    del v67
    v69 = v14 * v43
    v70 = v10 * v39
    v71 = v70 + v69
    del v69
    v72 = v39 + v43
    v73 = v10 + v14
    v74 = v73 * v72
    v75 = v74 + v71
    del v71
    v76 = 2.0 * v75
    del v75
    v77 = v13 * v42
    v78 = v12 * v41
    v79 = v78 + v77
    v80 = v15 * v44
    v81 = v80 + v79
    del v79
    v82 = 4.0 * v81
    del v81
    v83 = v76 + v82
    del v76, v82
    v84 = v9 * v38
    v85 = v84 + v78
    del v78, v84
    v86 = v38 + v41
    v87 = v9 + v12
    v88 = v87 * v86
    v89 = v88 + v85
    del v85
    v90 = 2.0 * v89
    del v89
    v91 = v11 * v40
    v92 = v70 + v91
    del v70
    v93 = v77 + v92
    del v92
    v94 = 4.0 * v93
    del v93
    v95 = v90 + v94
    del v90, v94
    v96 = v95 + v83
    v97 = v77 + v88
    del v77, v88
    v98 = v74 + v97
    del v74, v97
    v99 = 4.0 * v98
    del v98
    v100 = v91 + v80
    del v80, v91
    v101 = v40 + v44
    v102 = v11 + v15
    v103 = v102 * v101
    v104 = v103 + v100
    del v100, v103
    v105 = 2.0 * v104
    del v104
    v106 = v105 + v99
    del v99, v105
    v107 = v106 + v96
    del v96
    v108 = v2 * v36
    v109 = v7 * v31
    v110 = v109 + v108
    del v108, v109
    v111 = v1 * v34
    v112 = v5 * v30
    v113 = v112 + v111
    del v111, v112
    v114 = v113 + v110
    del v110, v113
    v115 = v3 * v37
    v116 = v8 * v32
    v117 = v116 + v115
    del v115, v116
    v118 = v117 + v114
    del v114, v117
    v119 = v2 * v7
    v120 = v1 * v5
    v121 = v120 + v119
    del v119, v120
    v122 = v3 * v8
    v123 = v122 + v121
    del v121, v122
    v124 = v123 * v118
    v125 = v2 * v34
    v126 = v5 * v31
    v127 = v126 + v125
    del v125, v126
    v128 = v1 * v33
    v129 = v4 * v30
    v130 = v129 + v128
    del v128, v129
    v131 = v130 + v127
    del v127, v130
    v132 = v3 * v35
    v133 = v6 * v32
    v134 = v133 + v132
    del v132, v133
    v135 = v134 + v131
    del v131, v134
    v136 = v2 * v5
    v137 = v1 * v4
    v138 = v137 + v136
    del v136, v137
    v139 = v3 * v6
    v140 = v139 + v138
    del v138, v139
    v141 = v140 * v135
    v142 = v141 + v124
    del v124, v141
    v143 = v2 * v37
    v144 = v8 * v31
    v145 = v144 + v143
    del v143, v144
    v146 = v1 * v35
    v147 = v6 * v30
    v148 = v147 + v146
    del v146, v147
    v149 = v148 + v145
    del v145, v148
    v150 = v3 * v63
    v151 = v32 * v64
    v152 = v151 + v150
    del v150, v151
    v153 = v149 - v152
    del v149, v152
    v154 = v2 * v8
    v155 = v1 * v6
    v156 = v155 + v154
    del v154, v155
    v157 = v3 * v64
    v158 = v156 - v157
    del v156, v157
    v159 = v158 * v153
    v160 = v159 + v142
    del v142, v159
    v161 = 2.0 * v160
    del v160
    v162 = v2 * v118
    v163 = v31 * v123
    v164 = v163 + v162
    del v162, v163
    v165 = v1 * v135
    v166 = v30 * v140
    v167 = v166 + v165
    del v165, v166
    v168 = v167 + v164
    del v164, v167
    v169 = v3 * v153
    v170 = v32 * v158
    v171 = v170 + v169
    del v169, v170
    v172 = v171 + v168
    del v168, v171
    v173 = v5 * v37
    v174 = v8 * v34
    v175 = v174 + v173
    del v173, v174
    v176 = v4 * v35
    v177 = v6 * v33
    v178 = v177 + v176
    del v176, v177
    v179 = v178 + v175
    del v175, v178
    v180 = v6 * v63
    v181 = v35 * v64
    v182 = v181 + v180
    del v180, v181
    v183 = v179 - v182
    del v179, v182
    v184 = v6 * v183
    v185 = v5 * v8
    v186 = v4 * v6
    v187 = v186 + v185
    del v185, v186
    v188 = v6 * v64
    v189 = v187 - v188
    del v187, v188
    v190 = v35 * v189
    v191 = v190 + v184
    del v184, v190
    v192 = v5 * v36
    v193 = v7 * v34
    v194 = v193 + v192
    del v192, v193
    v195 = v4 * v34
    v196 = v5 * v33
    v197 = v196 + v195
    del v195, v196
    v198 = v197 + v194
    del v194, v197
    v199 = v6 * v37
    v200 = v8 * v35
    v201 = v200 + v199
    del v199, v200
    v202 = v201 + v198
    del v198, v201
    v203 = v5 * v202
    v204 = v5 * v7
    v205 = v4 * v5
    v206 = v205 + v204
    del v204, v205
    v207 = v6 * v8
    v208 = v207 + v206
    del v206, v207
    v209 = v34 * v208
    v210 = v209 + v203
    del v203, v209
    v211 = v210 + v191
    del v191, v210
    v212 = v7 * v37
    v213 = v8 * v36
    v214 = v213 + v212
    del v212, v213
    v215 = v5 * v35
    v216 = v6 * v34
    v217 = v216 + v215
    del v215, v216
    v218 = v217 + v214
    del v214, v217
    v219 = v8 * v63
    v220 = v37 * v64
    v221 = v220 + v219
    del v219, v220
    v222 = v218 - v221
    del v218, v221
    v223 = v8 * v222
    v224 = v7 * v8
    v225 = v5 * v6
    v226 = v225 + v224
    del v224, v225
    v227 = v8 * v64
    v228 = v226 - v227
    del v226, v227
    v229 = v37 * v228
    v230 = v229 + v223
    del v223, v229
    v231 = v230 + v211
    del v211, v230
    v232 = 2.0 * v231
    del v231
    v233 = 2.0 * v56
    del v56
    v234 = v7 * v233
    v235 = v7 * v7
    v236 = v5 * v5
    v237 = v236 + v235
    del v235
    v238 = v8 * v8
    v239 = v238 + v237
    del v237
    v240 = v36 * v239
    v241 = v240 + v234
    del v234, v240
    v242 = 2.0 * v60
    del v60
    v243 = v4 * v242
    v244 = v4 * v4
    v245 = v244 + v236
    del v236, v244
    v246 = v6 * v6
    v247 = v246 + v245
    del v245
    v248 = v33 * v247
    v249 = v248 + v243
    del v243, v248
    v250 = v249 + v241
    del v241, v249
    v251 = 2.0 * v66
    del v66
    v252 = v64 * v251
    v253 = v246 + v238
    del v238, v246
    v254 = v64 * v64
    v255 = v254 + v253
    del v253, v254
    v256 = v255 * v63
    v257 = v256 + v252
    del v252, v256
    v258 = v250 - v257
    del v250, v257
    v259 = v258 + v232
    del v232, v258
    v260 = v2 * v43
    v261 = v14 * v31
    v262 = v261 + v260
    del v260, v261
    v263 = v1 * v41
    v264 = v12 * v30
    v265 = v264 + v263
    del v263, v264
    v266 = v265 + v262
    del v262, v265
    v267 = v3 * v44
    v268 = v15 * v32
    v269 = v268 + v267
    del v267, v268
    v270 = v269 + v266
    del v266, v269
    v271 = v2 * v14
    v272 = v1 * v12
    v273 = v272 + v271
    del v271, v272
    v274 = v3 * v15
    v275 = v274 + v273
    del v273, v274
    v276 = v275 * v270
    v277 = v2 * v39
    v278 = v10 * v31
    v279 = v278 + v277
    del v277, v278
    v280 = v1 * v38
    v281 = v9 * v30
    v282 = v281 + v280
    del v280, v281
    v283 = v282 + v279
    del v279, v282
    v284 = v3 * v40
    v285 = v11 * v32
    v286 = v285 + v284
    del v284, v285
    v287 = v286 + v283
    del v283, v286
    v288 = v2 * v10
    v289 = v1 * v9
    v290 = v289 + v288
    del v288, v289
    v291 = v3 * v11
    v292 = v291 + v290
    del v290, v291
    v293 = v292 * v287
    v294 = v293 + v276
    del v276, v293
    v295 = v287 + v270
    v296 = v292 + v275
    v297 = v296 * v295
    v298 = v297 + v294
    del v294, v297
    v299 = 2.0 * v298
    del v298
    v300 = v2 * v42
    v301 = v13 * v31
    v302 = v301 + v300
    del v300, v301
    v303 = v1 * v40
    v304 = v11 * v30
    v305 = v304 + v303
    del v303, v304
    v306 = v305 + v302
    del v302, v305
    v307 = v3 * v86
    v308 = v32 * v87
    v309 = v308 + v307
    del v307, v308
    v310 = v306 - v309
    del v306, v309
    v311 = v2 * v13
    v312 = v1 * v11
    v313 = v312 + v311
    del v311, v312
    v314 = v3 * v87
    v315 = v313 - v314
    del v313, v314
    v316 = v315 * v310
    v317 = v2 * v41
    v318 = v12 * v31
    v319 = v318 + v317
    del v317, v318
    v320 = v1 * v39
    v321 = v10 * v30
    v322 = v321 + v320
    del v320, v321
    v323 = v322 + v319
    del v319, v322
    v324 = v3 * v42
    v325 = v13 * v32
    v326 = v325 + v324
    del v324, v325
    v327 = v326 + v323
    del v323, v326
    v328 = v2 * v12
    v329 = v1 * v10
    v330 = v329 + v328
    del v328, v329
    v331 = v3 * v13
    v332 = v331 + v330
    del v330, v331
    v333 = v332 * v327
    v334 = v333 + v316
    del v316, v333
    v335 = v2 * v44
    v336 = v15 * v31
    v337 = v336 + v335
    del v335, v336
    v338 = v1 * v42
    v339 = v13 * v30
    v340 = v339 + v338
    del v338, v339
    v341 = v340 + v337
    del v337, v340
    v342 = v3 * v72
    v343 = v32 * v73
    v344 = v343 + v342
    del v342, v343
    v345 = v341 - v344
    del v341, v344
    v346 = v2 * v15
    v347 = v1 * v13
    v348 = v347 + v346
    del v346, v347
    v349 = v3 * v73
    v350 = v348 - v349
    del v348, v349
    v351 = v350 * v345
    v352 = v351 + v334
    del v334, v351
    v353 = 4.0 * v352
    del v352
    v354 = v299 + v353
    del v299, v353
    v355 = v7 * v43
    v356 = v14 * v36
    v357 = v356 + v355
    del v355, v356
    v358 = v4 * v39
    v359 = v10 * v33
    v360 = v359 + v358
    del v358, v359
    v361 = v360 + v357
    del v357, v360
    v362 = v64 * v72
    v363 = v73 * v63
    v364 = v363 + v362
    del v362, v363
    v365 = v364 + v361
    del v361, v364
    v366 = v6 * v42
    v367 = v13 * v35
    v368 = v367 + v366
    del v366, v367
    v369 = v5 * v41
    v370 = v12 * v34
    v371 = v370 + v369
    del v369, v370
    v372 = v371 + v368
    del v368, v371
    v373 = v8 * v44
    v374 = v15 * v37
    v375 = v374 + v373
    del v373, v374
    v376 = v375 + v372
    del v372, v375
    v377 = 2.0 * v376
    del v376
    v378 = v365 + v377
    del v365, v377
    v379 = v7 * v14
    v380 = v4 * v10
    v381 = v380 + v379
    del v379, v380
    v382 = v64 * v73
    v383 = v382 + v381
    del v381, v382
    v384 = v6 * v13
    v385 = v5 * v12
    v386 = v385 + v384
    del v384, v385
    v387 = v8 * v15
    v388 = v387 + v386
    del v386, v387
    v389 = 2.0 * v388
    del v388
    v390 = v383 + v389
    del v383, v389
    v391 = v390 * v378
    v392 = v7 * v41
    v393 = v12 * v36
    v394 = v393 + v392
    del v392, v393
    v395 = v4 * v38
    v396 = v9 * v33
    v397 = v396 + v395
    del v395, v396
    v398 = v397 + v394
    del v394, v397
    v399 = v64 * v86
    v400 = v87 * v63
    v401 = v400 + v399
    del v399, v400
    v402 = v401 + v398
    del v398, v401
    v403 = v6 * v40
    v404 = v11 * v35
    v405 = v404 + v403
    del v403, v404
    v406 = v5 * v39
    v407 = v10 * v34
    v408 = v407 + v406
    del v406, v407
    v409 = v408 + v405
    del v405, v408
    v410 = v8 * v42
    v411 = v13 * v37
    v412 = v411 + v410
    del v410, v411
    v413 = v412 + v409
    del v409, v412
    v414 = 2.0 * v413
    del v413
    v415 = v402 + v414
    del v402, v414
    v416 = v7 * v12
    v417 = v4 * v9
    v418 = v417 + v416
    del v416, v417
    v419 = v64 * v87
    v420 = v419 + v418
    del v418, v419
    v421 = v6 * v11
    v422 = v5 * v10
    v423 = v422 + v421
    del v421, v422
    v424 = v8 * v13
    v425 = v424 + v423
    del v423, v424
    v426 = 2.0 * v425
    del v425
    v427 = v420 + v426
    del v420, v426
    v428 = v427 * v415
    v429 = v428 + v391
    del v391, v428
    v430 = v7 * v44
    v431 = v15 * v36
    v432 = v431 + v430
    del v430, v431
    v433 = v4 * v40
    v434 = v11 * v33
    v435 = v434 + v433
    del v433, v434
    v436 = v435 + v432
    del v432, v435
    v437 = v64 * v101
    v438 = v102 * v63
    v439 = v438 + v437
    del v437, v438
    v440 = v439 + v436
    del v436, v439
    v441 = v6 * v86
    v442 = v35 * v87
    v443 = v442 + v441
    del v441, v442
    v444 = v5 * v42
    v445 = v13 * v34
    v446 = v445 + v444
    del v444, v445
    v447 = v446 - v443
    del v443, v446
    v448 = v8 * v72
    v449 = v37 * v73
    v450 = v449 + v448
    del v448, v449
    v451 = v447 - v450
    del v447, v450
    v452 = 2.0 * v451
    del v451
    v453 = v440 + v452
    del v440, v452
    v454 = v7 * v15
    v455 = v4 * v11
    v456 = v455 + v454
    del v454, v455
    v457 = v64 * v102
    v458 = v457 + v456
    del v456, v457
    v459 = v6 * v87
    v460 = v5 * v13
    v461 = v460 - v459
    del v459, v460
    v462 = v8 * v73
    v463 = v461 - v462
    del v461, v462
    v464 = 2.0 * v463
    del v463
    v465 = v458 + v464
    del v458, v464
    v466 = v465 * v453
    v467 = v466 + v429
    del v429, v466
    v468 = 2.0 * v467
    del v467
    v469 = v2 * v270
    v470 = v31 * v275
    v471 = v470 + v469
    del v469, v470
    v472 = v1 * v327
    v473 = v30 * v332
    v474 = v473 + v472
    del v472, v473
    v475 = v474 + v471
    del v471, v474
    v476 = v3 * v345
    v477 = v32 * v350
    v478 = v477 + v476
    del v476, v477
    v479 = v478 + v475
    del v475, v478
    v480 = v2 * v479
    v481 = v2 * v275
    v482 = v1 * v332
    v483 = v482 + v481
    del v481, v482
    v484 = v3 * v350
    v485 = v484 + v483
    del v483, v484
    v486 = v31 * v485
    del v485
    v487 = v486 + v480
    del v480, v486
    v488 = v2 * v327
    v489 = v31 * v332
    v490 = v489 + v488
    del v488, v489
    v491 = v1 * v287
    v492 = v30 * v292
    v493 = v492 + v491
    del v491, v492
    v494 = v493 + v490
    del v490, v493
    v495 = v3 * v310
    v496 = v32 * v315
    v497 = v496 + v495
    del v495, v496
    v498 = v497 + v494
    del v494, v497
    v499 = v1 * v498
    v500 = v2 * v332
    v501 = v1 * v292
    v502 = v501 + v500
    del v500, v501
    v503 = v3 * v315
    v504 = v503 + v502
    del v502, v503
    v505 = v30 * v504
    del v504
    v506 = v505 + v499
    del v499, v505
    v507 = v506 + v487
    del v487, v506
    v508 = v2 * v345
    v509 = v31 * v350
    v510 = v509 + v508
    del v508, v509
    v511 = v1 * v310
    v512 = v30 * v315
    v513 = v512 + v511
    del v511, v512
    v514 = v513 + v510
    del v510, v513
    v515 = v3 * v295
    v516 = v32 * v296
    v517 = v516 + v515
    del v515, v516
    v518 = v514 - v517
    del v514, v517
    v519 = v3 * v518
    v520 = v2 * v350
    v521 = v1 * v315
    v522 = v521 + v520
    del v520, v521
    v523 = v3 * v296
    v524 = v522 - v523
    del v522, v523
    v525 = v32 * v524
    del v524
    v526 = v525 + v519
    del v519, v525
    v527 = v526 + v507
    del v507, v526
    v528 = v12 * v44
    v529 = v15 * v41
    v530 = v529 + v528
    del v528, v529
    v531 = v9 * v40
    v532 = v11 * v38
    v533 = v532 + v531
    del v531, v532
    v534 = v533 + v530
    del v530, v533
    v535 = v87 * v101
    v536 = v102 * v86
    v537 = v536 + v535
    del v535, v536
    v538 = v537 + v534
    del v534, v537
    v539 = v11 * v86
    v540 = v40 * v87
    v541 = v540 + v539
    del v539, v540
    v542 = v10 * v42
    v543 = v13 * v39
    v544 = v543 + v542
    del v542, v543
    v545 = v544 - v541
    del v541, v544
    v546 = v13 * v72
    v547 = v42 * v73
    v548 = v547 + v546
    del v546, v547
    v549 = v545 - v548
    del v545, v548
    v550 = 2.0 * v549
    del v549
    v551 = v538 + v550
    del v538, v550
    v552 = v12 * v15
    v553 = v9 * v11
    v554 = v553 + v552
    del v552, v553
    v555 = v87 * v102
    v556 = v555 + v554
    del v554, v555
    v557 = v11 * v87
    v558 = v10 * v13
    v559 = v558 - v557
    del v557, v558
    v560 = v13 * v73
    v561 = v559 - v560
    del v559, v560
    v562 = 2.0 * v561
    del v561
    v563 = v556 + v562
    del v556, v562
    v564 = v563 * v551
    v565 = v12 * v43
    v566 = v14 * v41
    v567 = v566 + v565
    del v565, v566
    v568 = v9 * v39
    v569 = v10 * v38
    v570 = v569 + v568
    del v568, v569
    v571 = v570 + v567
    del v567, v570
    v572 = v87 * v72
    v573 = v73 * v86
    v574 = v573 + v572
    del v572, v573
    v575 = v574 + v571
    del v571, v574
    v576 = v11 * v42
    v577 = v13 * v40
    v578 = v577 + v576
    del v576, v577
    v579 = v10 * v41
    v580 = v12 * v39
    v581 = v580 + v579
    del v579, v580
    v582 = v581 + v578
    del v578, v581
    v583 = v13 * v44
    v584 = v15 * v42
    v585 = v584 + v583
    del v583, v584
    v586 = v585 + v582
    del v582, v585
    v587 = 2.0 * v586
    del v586
    v588 = v575 + v587
    del v575, v587
    v589 = v12 * v14
    v590 = v9 * v10
    v591 = v590 + v589
    del v589, v590
    v592 = v87 * v73
    v593 = v592 + v591
    del v591, v592
    v594 = v11 * v13
    v595 = v10 * v12
    v596 = v595 + v594
    del v594, v595
    v597 = v13 * v15
    v598 = v597 + v596
    del v596, v597
    v599 = 2.0 * v598
    del v598
    v600 = v593 + v599
    del v593, v599
    v601 = v600 * v588
    v602 = v601 + v564
    del v564, v601
    v603 = v14 * v44
    v604 = v15 * v43
    v605 = v604 + v603
    del v603, v604
    v606 = v10 * v40
    v607 = v11 * v39
    v608 = v607 + v606
    del v606, v607
    v609 = v608 + v605
    del v605, v608
    v610 = v73 * v101
    v611 = v102 * v72
    v612 = v611 + v610
    del v610, v611
    v613 = v612 + v609
    del v609, v612
    v614 = v13 * v86
    v615 = v42 * v87
    v616 = v615 + v614
    del v614, v615
    v617 = v12 * v42
    v618 = v13 * v41
    v619 = v618 + v617
    del v617, v618
    v620 = v619 - v616
    del v616, v619
    v621 = v15 * v72
    v622 = v44 * v73
    v623 = v622 + v621
    del v621, v622
    v624 = v620 - v623
    del v620, v623
    v625 = 2.0 * v624
    del v624
    v626 = v613 + v625
    del v613, v625
    v627 = v14 * v15
    v628 = v10 * v11
    v629 = v628 + v627
    del v627, v628
    v630 = v73 * v102
    v631 = v630 + v629
    del v629, v630
    v632 = v13 * v87
    v633 = v12 * v13
    v634 = v633 - v632
    del v632, v633
    v635 = v15 * v73
    v636 = v634 - v635
    del v634, v635
    v637 = 2.0 * v636
    del v636
    v638 = v631 + v637
    del v631, v637
    v639 = v638 * v626
    v640 = v639 + v602
    del v602, v639
    v641 = 4.0 * v640
    del v640
    v642 = v14 * v14
    v643 = v10 * v10
    v644 = v643 + v642
    del v642
    v645 = v73 * v73
    v646 = v645 + v644
    del v644
    v647 = v13 * v13
    v648 = v12 * v12
    v649 = v648 + v647
    v650 = v15 * v15
    v651 = v650 + v649
    del v649
    v652 = 2.0 * v651
    del v651
    v653 = v646 + v652
    del v646, v652
    v654 = v653 * v83
    v655 = v9 * v9
    v656 = v655 + v648
    del v648, v655
    v657 = v87 * v87
    v658 = v657 + v656
    del v656
    v659 = v11 * v11
    v660 = v643 + v659
    del v643
    v661 = v647 + v660
    del v660
    v662 = 2.0 * v661
    del v661
    v663 = v658 + v662
    del v658, v662
    v664 = v663 * v95
    v665 = v664 + v654
    del v654, v664
    v666 = v647 + v657
    del v647, v657
    v667 = v645 + v666
    del v645, v666
    v668 = 2.0 * v667
    del v667
    v669 = v659 + v650
    del v650, v659
    v670 = v102 * v102
    v671 = v670 + v669
    del v669, v670
    v672 = v671 + v668
    del v668, v671
    v673 = v672 * v106
    v674 = v673 + v665
    del v665, v673
    v675 = 2.0 * v674
    del v674
    v676 = v675 + v641
    del v641, v675
    v677 = v6 * v551
    v678 = v35 * v563
    v679 = v678 + v677
    del v677, v678
    v680 = v5 * v588
    v681 = v34 * v600
    v682 = v681 + v680
    del v680, v681
    v683 = v682 + v679
    del v679, v682
    v684 = v8 * v626
    v685 = v37 * v638
    v686 = v685 + v684
    del v684, v685
    v687 = v686 + v683
    del v683, v686
    v688 = 2.0 * v687
    del v687
    v689 = v7 * v83
    v690 = v36 * v653
    v691 = v690 + v689
    del v689, v690
    v692 = v4 * v95
    v693 = v33 * v663
    v694 = v693 + v692
    del v692, v693
    v695 = v694 + v691
    del v691, v694
    v696 = v64 * v106
    v697 = v672 * v63
    v698 = v697 + v696
    del v696, v697
    v699 = v695 - v698
    del v695, v698
    v700 = v699 + v688
    del v688, v699
    v701 = v563 * v183
    v702 = v189 * v551
    v703 = v702 + v701
    del v701, v702
    v704 = v600 * v202
    v705 = v208 * v588
    v706 = v705 + v704
    del v704, v705
    v707 = v706 + v703
    del v703, v706
    v708 = v638 * v222
    v709 = v228 * v626
    v710 = v709 + v708
    del v708, v709
    v711 = v710 + v707
    del v707, v710
    v712 = 2.0 * v711
    del v711
    v713 = v653 * v233
    v714 = v239 * v83
    v715 = v714 + v713
    del v713, v714
    v716 = v663 * v242
    v717 = v247 * v95
    v718 = v717 + v716
    del v716, v717
    v719 = v718 + v715
    del v715, v718
    v720 = v672 * v251
    v721 = v255 * v106
    v722 = v721 + v720
    del v720, v721
    v723 = v722 + v719
    del v719, v722
    v724 = v723 + v712
    del v712, v723
    v725 = v24 * v498
    del v498
    v726 = v22 * v135
    v727 = 2.0 * v17
    del v17
    v728 = v30 * v727
    v729 = v728 + v726
    del v726, v728
    v730 = v725 + v729
    del v725, v729
    v731 = v3 * v24
    v732 = v310 * v731
    v733 = v24 * v32
    v734 = v315 * v733
    v735 = v732 + v734
    del v732, v734
    v736 = v735 + v730
    del v730, v735
    v737 = v2 * v24
    v738 = v327 * v737
    v739 = v24 * v31
    v740 = v332 * v739
    v741 = v738 + v740
    del v738, v740
    v742 = v741 + v736
    del v736, v741
    v743 = v1 * v24
    v744 = v287 * v743
    v745 = v24 * v30
    v746 = v292 * v745
    v747 = v744 + v746
    del v744, v746
    v748 = v747 + v742
    del v742, v747
    v749 = 4.0 * v25
    v750 = v345 * v749
    v751 = v2 * v733
    v752 = v31 * v731
    v753 = v752 + v751
    del v751, v752
    v754 = v750 + v753
    del v750, v753
    v755 = v3 * v739
    v756 = v32 * v737
    v757 = v756 + v755
    del v755, v756
    v758 = v757 + v754
    del v754, v757
    v759 = v13 * v758
    v760 = v350 * v749
    v761 = v2 * v731
    v762 = v760 + v761
    del v760, v761
    v763 = v3 * v737
    v764 = v763 + v762
    del v762, v763
    v765 = v42 * v764
    v766 = v765 + v759
    del v759, v765
    v767 = v766 + v748
    del v748, v766
    v768 = 2.0 * v25
    del v25
    v769 = v295 * v768
    v770 = v3 * v733
    v771 = v32 * v731
    v772 = v771 + v770
    del v770, v771
    v773 = v769 - v772
    del v769, v772
    v774 = v270 * v768
    v775 = v773 + v774
    del v774
    v776 = v2 * v739
    v777 = v31 * v737
    v778 = v777 + v776
    del v776, v777
    v779 = v778 + v775
    del v775, v778
    v780 = v12 * v779
    v781 = v296 * v768
    v782 = v3 * v731
    v783 = v781 - v782
    del v781, v782
    v784 = v275 * v768
    v785 = v783 + v784
    del v784
    v786 = v2 * v737
    v787 = v786 + v785
    del v785, v786
    v788 = v41 * v787
    v789 = v788 + v780
    del v780, v788
    v790 = v789 + v767
    del v767, v789
    v791 = v310 * v749
    v792 = v1 * v733
    v793 = v30 * v731
    v794 = v793 + v792
    del v792, v793
    v795 = v791 + v794
    del v791, v794
    v796 = v3 * v745
    v797 = v32 * v743
    v798 = v797 + v796
    del v796, v797
    v799 = v798 + v795
    del v795, v798
    v800 = v11 * v799
    v801 = v315 * v749
    v802 = v1 * v731
    v803 = v801 + v802
    del v801, v802
    v804 = v3 * v743
    v805 = v804 + v803
    del v803, v804
    v806 = v40 * v805
    v807 = v806 + v800
    del v800, v806
    v808 = v807 + v790
    del v790, v807
    v809 = v327 * v749
    v810 = v1 * v739
    v811 = v30 * v737
    v812 = v811 + v810
    del v810, v811
    v813 = v809 + v812
    del v809, v812
    v814 = v2 * v745
    v815 = v31 * v743
    v816 = v815 + v814
    del v814, v815
    v817 = v816 + v813
    del v813, v816
    v818 = v10 * v817
    v819 = v332 * v749
    del v749
    v820 = v1 * v737
    v821 = v819 + v820
    del v819, v820
    v822 = v2 * v743
    v823 = v822 + v821
    del v821, v822
    v824 = v39 * v823
    v825 = v824 + v818
    del v818, v824
    v826 = v825 + v808
    del v808, v825
    v827 = v287 * v768
    del v287
    v828 = v773 + v827
    del v773, v827
    v829 = v1 * v745
    v830 = v30 * v743
    v831 = v830 + v829
    del v829, v830
    v832 = v831 + v828
    del v828, v831
    v833 = v9 * v832
    v834 = v292 * v768
    del v292, v768
    v835 = v783 + v834
    del v783, v834
    v836 = v1 * v743
    v837 = v836 + v835
    del v835, v836
    v838 = v38 * v837
    v839 = v838 + v833
    del v833, v838
    v840 = v839 + v826
    del v826, v839
    v841 = 2.0 * v23
    del v23
    v842 = v153 * v841
    v843 = v22 * v32
    v844 = v843 + v842
    del v842, v843
    v845 = v6 * v844
    v846 = v158 * v841
    del v158
    v847 = v3 * v22
    v848 = v847 + v846
    del v846, v847
    v849 = v35 * v848
    v850 = v849 + v845
    del v845, v849
    v851 = v850 + v840
    del v840, v850
    v852 = v118 * v841
    v853 = v22 * v31
    v854 = v853 + v852
    del v852, v853
    v855 = v5 * v854
    v856 = v123 * v841
    del v123
    v857 = v2 * v22
    v858 = v857 + v856
    del v856, v857
    v859 = v34 * v858
    v860 = v859 + v855
    del v855, v859
    v861 = v860 + v851
    del v851, v860
    v862 = v135 * v841
    del v135
    v863 = v22 * v30
    v864 = v863 + v862
    del v862, v863
    v865 = v4 * v864
    v866 = v140 * v841
    del v140, v841
    v867 = v1 * v22
    v868 = v867 + v866
    del v866, v867
    v869 = v33 * v868
    v870 = v869 + v865
    del v865, v869
    v871 = v870 + v861
    del v861, v870
    v872 = v24 * v479
    del v479
    v873 = v22 * v118
    del v118
    v874 = v31 * v727
    v875 = v874 + v873
    del v873, v874
    v876 = v872 + v875
    del v872, v875
    v877 = v345 * v731
    v878 = v350 * v733
    v879 = v877 + v878
    del v877, v878
    v880 = v879 + v876
    del v876, v879
    v881 = v270 * v737
    del v270
    v882 = v275 * v739
    del v275
    v883 = v881 + v882
    del v881, v882
    v884 = v883 + v880
    del v880, v883
    v885 = v327 * v743
    del v327
    v886 = v332 * v745
    del v332
    v887 = v885 + v886
    del v885, v886
    v888 = v887 + v884
    del v884, v887
    v889 = v15 * v758
    v890 = v44 * v764
    v891 = v890 + v889
    del v889, v890
    v892 = v891 + v888
    del v888, v891
    v893 = v14 * v779
    v894 = v43 * v787
    v895 = v894 + v893
    del v893, v894
    v896 = v895 + v892
    del v892, v895
    v897 = v13 * v799
    v898 = v42 * v805
    v899 = v898 + v897
    del v897, v898
    v900 = v899 + v896
    del v896, v899
    v901 = v12 * v817
    v902 = v41 * v823
    v903 = v902 + v901
    del v901, v902
    v904 = v903 + v900
    del v900, v903
    v905 = v10 * v832
    v906 = v39 * v837
    v907 = v906 + v905
    del v905, v906
    v908 = v907 + v904
    del v904, v907
    v909 = v8 * v844
    v910 = v37 * v848
    v911 = v910 + v909
    del v909, v910
    v912 = v911 + v908
    del v908, v911
    v913 = v7 * v854
    v914 = v36 * v858
    v915 = v914 + v913
    del v913, v914
    v916 = v915 + v912
    del v912, v915
    v917 = v5 * v864
    v918 = v34 * v868
    v919 = v918 + v917
    del v917, v918
    v920 = v919 + v916
    del v916, v919
    v921 = v24 * v518
    del v24, v518
    v922 = v22 * v153
    del v22, v153
    v923 = v32 * v727
    del v727
    v924 = v923 + v922
    del v922, v923
    v925 = v921 + v924
    del v921, v924
    v926 = v345 * v737
    del v345, v737
    v927 = v350 * v739
    del v350, v739
    v928 = v926 + v927
    del v926, v927
    v929 = v928 + v925
    del v925, v928
    v930 = v310 * v743
    del v310, v743
    v931 = v315 * v745
    del v315, v745
    v932 = v930 + v931
    del v930, v931
    v933 = v932 + v929
    del v929, v932
    v934 = v15 * v779
    v935 = v44 * v787
    v936 = v935 + v934
    del v934, v935
    v937 = v936 + v933
    del v933, v936
    v938 = v13 * v817
    v939 = v42 * v823
    v940 = v939 + v938
    del v938, v939
    v941 = v940 + v937
    del v937, v940
    v942 = v11 * v832
    v943 = v40 * v837
    v944 = v943 + v942
    del v942, v943
    v945 = v944 + v941
    del v941, v944
    v946 = v8 * v854
    v947 = v37 * v858
    v948 = v947 + v946
    del v946, v947
    v949 = v948 + v945
    del v945, v948
    v950 = v6 * v864
    v951 = v35 * v868
    v952 = v951 + v950
    del v950, v951
    v953 = v952 + v949
    del v949, v952
    v954 = v295 * v731
    del v295, v731
    v955 = v296 * v733
    del v296, v733
    v956 = v954 + v955
    del v954, v955
    v957 = v953 - v956
    del v953, v956
    v958 = v73 * v758
    v959 = v72 * v764
    v960 = v959 + v958
    del v958, v959
    v961 = v957 - v960
    del v957, v960
    v962 = v87 * v799
    v963 = v86 * v805
    v964 = v963 + v962
    del v962, v963
    v965 = v961 - v964
    del v961, v964
    v966 = v64 * v844
    v967 = v63 * v848
    v968 = v967 + v966
    del v966, v967
    v969 = v965 - v968
    del v965, v968
    v970 = 2.0 * v26
    v971 = v588 * v970
    v972 = 2.0 * v19
    v973 = v202 * v972
    v974 = v971 + v973
    del v971, v973
    v975 = 2.0 * v28
    del v28
    v976 = v453 * v975
    del v453
    v977 = 2.0 * v976
    v978 = v13 * v977
    v979 = v465 * v975
    del v465
    v980 = 2.0 * v979
    v981 = v42 * v980
    v982 = v981 + v978
    del v978, v981
    v983 = v982 + v974
    del v974, v982
    v984 = v378 * v975
    del v378
    v985 = 2.0 * v984
    v986 = v12 * v985
    v987 = v390 * v975
    del v390
    v988 = 2.0 * v987
    v989 = v41 * v988
    v990 = v989 + v986
    del v986, v989
    v991 = v990 + v983
    del v983, v990
    v992 = v415 * v975
    del v415
    v993 = 2.0 * v992
    v994 = v10 * v993
    v995 = v427 * v975
    del v427, v975
    v996 = 2.0 * v995
    v997 = v39 * v996
    v998 = v997 + v994
    del v994, v997
    v999 = v998 + v991
    del v991, v998
    v1000 = 2.0 * v27
    v1001 = v626 * v1000
    v1002 = v37 * v972
    v1003 = v1002 + v1001
    del v1001, v1002
    v1004 = v6 * v1003
    v1005 = v638 * v1000
    v1006 = v8 * v972
    v1007 = v1006 + v1005
    del v1005, v1006
    v1008 = v35 * v1007
    v1009 = v1008 + v1004
    del v1004, v1008
    v1010 = v1009 + v999
    del v999, v1009
    v1011 = v551 * v1000
    v1012 = v35 * v972
    v1013 = v1012 + v1011
    del v1011, v1012
    v1014 = v8 * v1013
    v1015 = v563 * v1000
    v1016 = v6 * v972
    v1017 = v1016 + v1015
    del v1015, v1016
    v1018 = v37 * v1017
    v1019 = v1018 + v1014
    del v1014, v1018
    v1020 = v1019 + v1010
    del v1010, v1019
    v1021 = v588 * v1000
    v1022 = v34 * v972
    v1023 = v1022 + v1021
    del v1021, v1022
    v1024 = v64 * v1023
    v1025 = v600 * v1000
    v1026 = v5 * v972
    v1027 = v1026 + v1025
    del v1025, v1026
    v1028 = v63 * v1027
    v1029 = v1028 + v1024
    del v1024, v1028
    v1030 = v1029 + v1020
    del v1020, v1029
    v1031 = v27 * v95
    v1032 = v19 * v33
    v1033 = v1032 + v1031
    del v1031, v1032
    v1034 = v27 * v83
    v1035 = v19 * v36
    v1036 = v1035 + v1034
    del v1034, v1035
    v1037 = v1036 + v1033
    v1038 = 2.0 * v1037
    del v1037
    v1039 = v5 * v1038
    del v1038
    v1040 = v27 * v663
    v1041 = v4 * v19
    v1042 = v18 + v1041
    del v1041
    v1043 = v1040 + v1042
    del v1040, v1042
    v1044 = v27 * v653
    v1045 = v7 * v19
    v1046 = v18 + v1045
    del v1045
    v1047 = v1044 + v1046
    del v1044, v1046
    v1048 = v1047 + v1043
    v1049 = 2.0 * v1048
    del v1048
    v1050 = v34 * v1049
    del v1049
    v1051 = v1050 + v1039
    del v1039, v1050
    v1052 = v1051 + v1030
    del v1030, v1051
    v1053 = v1 * v854
    v1054 = v30 * v858
    v1055 = v1054 + v1053
    del v1053, v1054
    v1056 = v1055 + v1052
    del v1052, v1055
    v1057 = v2 * v864
    v1058 = v31 * v868
    v1059 = v1058 + v1057
    del v1057, v1058
    v1060 = v1059 + v1056
    del v1056, v1059
    v1061 = v551 * v970
    v1062 = v183 * v972
    v1063 = v1061 + v1062
    del v1061, v1062
    v1064 = v13 * v985
    v1065 = v42 * v988
    v1066 = v1065 + v1064
    del v1064, v1065
    v1067 = v1066 + v1063
    del v1063, v1066
    v1068 = v11 * v993
    v1069 = v40 * v996
    v1070 = v1069 + v1068
    del v1068, v1069
    v1071 = v1070 + v1067
    del v1067, v1070
    v1072 = v5 * v1003
    v1073 = v34 * v1007
    v1074 = v1073 + v1072
    del v1072, v1073
    v1075 = v1074 + v1071
    del v1071, v1074
    v1076 = v4 - v64
    v1077 = v1076 * v1013
    del v1076
    v1078 = v33 - v63
    v1079 = v1017 * v1078
    del v1078
    v1080 = v1077 + v1079
    del v1077, v1079
    v1081 = v1080 + v1075
    del v1075, v1080
    v1082 = v8 * v1023
    v1083 = v37 * v1027
    v1084 = v1083 + v1082
    del v1082, v1083
    v1085 = v1084 + v1081
    del v1081, v1084
    v1086 = v27 * v106
    v1087 = v19 * v63
    v1088 = v1086 - v1087
    del v1086, v1087
    v1089 = v1088 + v1033
    v1090 = 2.0 * v1089
    del v1089
    v1091 = v6 * v1090
    del v1090
    v1092 = v27 * v672
    v1093 = v18 + v1092
    del v18, v1092
    v1094 = v19 * v64
    v1095 = v1093 - v1094
    del v1093, v1094
    v1096 = v1095 + v1043
    v1097 = 2.0 * v1096
    del v1096
    v1098 = v35 * v1097
    del v1097
    v1099 = v1098 + v1091
    del v1091, v1098
    v1100 = v1099 + v1085
    del v1085, v1099
    v1101 = v1 * v844
    v1102 = v30 * v848
    v1103 = v1102 + v1101
    del v1101, v1102
    v1104 = v1103 + v1100
    del v1100, v1103
    v1105 = v3 * v864
    v1106 = v32 * v868
    v1107 = v1106 + v1105
    del v1105, v1106
    v1108 = v1107 + v1104
    del v1104, v1107
    v1109 = v87 * v977
    v1110 = v86 * v980
    v1111 = v1110 + v1109
    del v1109, v1110
    v1112 = v1108 - v1111
    del v1108, v1111
    v1113 = v626 * v970
    v1114 = v222 * v972
    del v972
    v1115 = v1113 + v1114
    del v1113, v1114
    v1116 = v15 * v985
    v1117 = v44 * v988
    v1118 = v1117 + v1116
    del v1116, v1117
    v1119 = v1118 + v1115
    del v1115, v1118
    v1120 = v13 * v993
    v1121 = v42 * v996
    v1122 = v1121 + v1120
    del v1120, v1121
    v1123 = v1122 + v1119
    del v1119, v1122
    v1124 = v7 - v64
    v1125 = v1124 * v1003
    del v1124
    v1126 = v36 - v63
    v1127 = v1007 * v1126
    del v1126
    v1128 = v1125 + v1127
    del v1125, v1127
    v1129 = v1128 + v1123
    del v1123, v1128
    v1130 = v1088 + v1036
    v1131 = 2.0 * v1130
    del v1130
    v1132 = v8 * v1131
    del v1131
    v1133 = v1095 + v1047
    v1134 = 2.0 * v1133
    del v1133
    v1135 = v37 * v1134
    del v1134
    v1136 = v1135 + v1132
    del v1132, v1135
    v1137 = v1136 + v1129
    del v1129, v1136
    v1138 = v5 * v1013
    v1139 = v34 * v1017
    v1140 = v1139 + v1138
    del v1138, v1139
    v1141 = v1140 + v1137
    del v1137, v1140
    v1142 = v6 * v1023
    v1143 = v35 * v1027
    v1144 = v1143 + v1142
    del v1142, v1143
    v1145 = v1144 + v1141
    del v1141, v1144
    v1146 = v2 * v844
    v1147 = v31 * v848
    v1148 = v1147 + v1146
    del v1146, v1147
    v1149 = v1148 + v1145
    del v1145, v1148
    v1150 = v3 * v854
    v1151 = v32 * v858
    v1152 = v1151 + v1150
    del v1150, v1151
    v1153 = v1152 + v1149
    del v1149, v1152
    v1154 = v73 * v977
    v1155 = v72 * v980
    v1156 = v1155 + v1154
    del v1154, v1155
    v1157 = v1153 - v1156
    del v1153, v1156
    v1158 = v73 * v984
    v1159 = v72 * v987
    v1160 = v1159 + v1158
    del v1158, v1159
    v1161 = v102 * v976
    v1162 = v101 * v979
    v1163 = v1162 + v1161
    del v1161, v1162
    v1164 = v1163 + v1160
    del v1160, v1163
    v1165 = v87 * v992
    v1166 = v86 * v995
    v1167 = v1166 + v1165
    del v1165, v1166
    v1168 = v1167 + v1164
    del v1164, v1167
    v1169 = 2.0 * v1088
    del v1088
    v1170 = v64 * v1169
    del v1169
    v1171 = 2.0 * v1095
    del v1095
    v1172 = v63 * v1171
    del v1171
    v1173 = v1172 + v1170
    del v1170, v1172
    v1174 = v1173 + v1168
    del v1168, v1173
    v1175 = v26 * v106
    v1176 = v1174 - v1175
    del v1174, v1175
    v1177 = v19 * v251
    v1178 = v1176 - v1177
    del v1176, v1177
    v1179 = v8 * v1003
    del v1003
    v1180 = v37 * v1007
    del v1007
    v1181 = v1180 + v1179
    del v1179, v1180
    v1182 = v1178 - v1181
    del v1178
    v1183 = v6 * v1013
    del v1013
    v1184 = v35 * v1017
    del v1017
    v1185 = v1184 + v1183
    del v1183, v1184
    v1186 = v1182 - v1185
    del v1182
    v1187 = v3 * v844
    del v844
    v1188 = v32 * v848
    del v848
    v1189 = v1188 + v1187
    del v1187, v1188
    v1190 = v1186 - v1189
    del v1186, v1189
    v1191 = v1185 + v1190
    del v1185
    v1192 = v26 * v95
    v1193 = v1192 + v1191
    del v1191, v1192
    v1194 = v19 * v242
    v1195 = v1194 + v1193
    del v1193, v1194
    v1196 = v11 * v976
    v1197 = v40 * v979
    v1198 = v1197 + v1196
    del v1196, v1197
    v1199 = v1198 + v1195
    del v1195, v1198
    v1200 = v10 * v984
    v1201 = v39 * v987
    v1202 = v1201 + v1200
    del v1200, v1201
    v1203 = v1202 + v1199
    del v1199, v1202
    v1204 = v9 * v992
    v1205 = v38 * v995
    v1206 = v1205 + v1204
    del v1204, v1205
    v1207 = v1206 + v1203
    del v1203, v1206
    v1208 = v5 * v1023
    del v1023
    v1209 = v34 * v1027
    del v1027
    v1210 = v1209 + v1208
    del v1208, v1209
    v1211 = v1210 + v1207
    del v1207
    v1212 = 2.0 * v1033
    del v1033
    v1213 = v4 * v1212
    del v1212
    v1214 = 2.0 * v1043
    del v1043
    v1215 = v33 * v1214
    del v1214
    v1216 = v1215 + v1213
    del v1213, v1215
    v1217 = v1216 + v1211
    del v1211, v1216
    v1218 = v1 * v864
    del v864
    v1219 = v30 * v868
    del v868
    v1220 = v1219 + v1218
    del v1218, v1219
    v1221 = v1220 + v1217
    del v1217, v1220
    v1222 = v1181 + v1190
    del v1181, v1190
    v1223 = v1210 + v1222
    del v1210, v1222
    v1224 = v26 * v83
    v1225 = v1224 + v1223
    del v1223, v1224
    v1226 = v19 * v233
    del v19
    v1227 = v1226 + v1225
    del v1225, v1226
    v1228 = v15 * v976
    v1229 = v44 * v979
    v1230 = v1229 + v1228
    del v1228, v1229
    v1231 = v1230 + v1227
    del v1227, v1230
    v1232 = v14 * v984
    v1233 = v43 * v987
    v1234 = v1233 + v1232
    del v1232, v1233
    v1235 = v1234 + v1231
    del v1231, v1234
    v1236 = v12 * v992
    v1237 = v41 * v995
    v1238 = v1237 + v1236
    del v1236, v1237
    v1239 = v1238 + v1235
    del v1235, v1238
    v1240 = 2.0 * v1036
    del v1036
    v1241 = v7 * v1240
    del v1240
    v1242 = 2.0 * v1047
    del v1047
    v1243 = v36 * v1242
    del v1242
    v1244 = v1243 + v1241
    del v1241, v1243
    v1245 = v1244 + v1239
    del v1239, v1244
    v1246 = v2 * v854
    del v854
    v1247 = v31 * v858
    del v858
    v1248 = v1247 + v1246
    del v1246, v1247
    v1249 = v1248 + v1245
    del v1245, v1248
    v1250 = 2.0 * v21
    v1251 = v106 * v1250
    del v106
    v1252 = v27 * v251
    del v251
    v1253 = v1252 + v1251
    del v1251, v1252
    v1254 = v26 * v63
    v1255 = v1253 - v1254
    del v1253, v1254
    v1256 = 2.0 * v1255
    v1257 = v102 * v1256
    v1258 = v672 * v1250
    del v672
    v1259 = v27 * v255
    del v255
    v1260 = v20 + v1259
    del v1259
    v1261 = v1258 + v1260
    del v1258, v1260
    v1262 = v26 * v64
    v1263 = v1261 - v1262
    del v1261, v1262
    v1264 = 2.0 * v1263
    v1265 = v101 * v1264
    v1266 = v1265 + v1257
    del v1257, v1265
    v1267 = v64 * v976
    v1268 = v63 * v979
    v1269 = v1268 + v1267
    del v1267, v1268
    v1270 = v1269 + v1266
    del v1266, v1269
    v1271 = 4.0 * v21
    del v21
    v1272 = v626 * v1271
    del v626
    v1273 = v222 * v1000
    del v222
    v1274 = v37 * v970
    v1275 = v1274 + v1273
    del v1273, v1274
    v1276 = v1272 + v1275
    del v1272, v1275
    v1277 = v73 * v1276
    v1278 = v638 * v1271
    del v638
    v1279 = v228 * v1000
    del v228
    v1280 = v8 * v970
    v1281 = v1280 + v1279
    del v1279, v1280
    v1282 = v1278 + v1281
    del v1278, v1281
    v1283 = v72 * v1282
    v1284 = v1283 + v1277
    del v1277, v1283
    v1285 = v1284 + v1270
    del v1270
    v1286 = v551 * v1271
    del v551
    v1287 = v183 * v1000
    del v183
    v1288 = v35 * v970
    v1289 = v1288 + v1287
    del v1287, v1288
    v1290 = v1286 + v1289
    del v1286, v1289
    v1291 = v87 * v1290
    v1292 = v563 * v1271
    del v563
    v1293 = v189 * v1000
    del v189
    v1294 = v6 * v970
    v1295 = v1294 + v1293
    del v1293, v1294
    v1296 = v1292 + v1295
    del v1292, v1295
    v1297 = v86 * v1296
    v1298 = v1297 + v1291
    del v1291, v1297
    v1299 = v1298 + v1285
    del v1285
    v1300 = v4 * v976
    v1301 = v33 * v979
    v1302 = v1301 + v1300
    del v1300, v1301
    v1303 = v1299 + v1302
    del v1302
    v1304 = v6 * v993
    v1305 = v35 * v996
    v1306 = v1305 + v1304
    del v1304, v1305
    v1307 = v1306 + v1303
    del v1303, v1306
    v1308 = v1 * v799
    v1309 = v30 * v805
    v1310 = v1309 + v1308
    del v1308, v1309
    v1311 = v1310 + v1307
    del v1307, v1310
    v1312 = v3 * v832
    v1313 = v32 * v837
    v1314 = v1313 + v1312
    del v1312, v1313
    v1315 = v1314 + v1311
    del v1311, v1314
    v1316 = v10 * v1276
    v1317 = v39 * v1282
    v1318 = v1317 + v1316
    del v1316, v1317
    v1319 = v1318 + v1315
    del v1315, v1318
    v1320 = v9 * v1290
    v1321 = v38 * v1296
    v1322 = v1321 + v1320
    del v1320, v1321
    v1323 = v1322 + v1319
    del v1319, v1322
    v1324 = v588 * v1271
    del v588
    v1325 = v202 * v1000
    del v202
    v1326 = v34 * v970
    v1327 = v1326 + v1325
    del v1325, v1326
    v1328 = v1324 + v1327
    del v1324, v1327
    v1329 = 2.0 * v1328
    v1330 = v13 * v1329
    v1331 = v600 * v1271
    del v600, v1271
    v1332 = v208 * v1000
    del v208, v1000
    v1333 = v5 * v970
    del v970
    v1334 = v1333 + v1332
    del v1332, v1333
    v1335 = v1331 + v1334
    del v1331, v1334
    v1336 = 2.0 * v1335
    v1337 = v42 * v1336
    v1338 = v1337 + v1330
    del v1330, v1337
    v1339 = v1338 + v1323
    del v1323
    v1340 = v95 * v1250
    del v95
    v1341 = v27 * v242
    del v242
    v1342 = v26 * v33
    v1343 = v1342 + v1341
    del v1341, v1342
    v1344 = v1340 + v1343
    del v1340, v1343
    v1345 = 2.0 * v1344
    v1346 = v1255 + v1345
    v1347 = 2.0 * v1346
    del v1346
    v1348 = v11 * v1347
    del v1347
    v1349 = v4 * v26
    v1350 = v20 + v1349
    del v1349
    v1351 = v27 * v247
    del v247
    v1352 = v1351 + v1350
    del v1350, v1351
    v1353 = v663 * v1250
    del v663
    v1354 = v1353 + v1352
    del v1352, v1353
    v1355 = 2.0 * v1354
    v1356 = v1263 + v1355
    v1357 = 2.0 * v1356
    del v1356
    v1358 = v40 * v1357
    del v1357
    v1359 = v1358 + v1348
    del v1348, v1358
    v1360 = v1359 + v1339
    del v1339, v1359
    v1361 = 2.0 * v1298
    del v1298
    v1362 = v1360 - v1361
    del v1360, v1361
    v1363 = v1299 + v1338
    del v1299, v1338
    v1364 = v7 * v976
    del v976
    v1365 = v36 * v979
    del v979
    v1366 = v1365 + v1364
    del v1364, v1365
    v1367 = v1366 + v1363
    del v1363, v1366
    v1368 = v8 * v985
    v1369 = v37 * v988
    v1370 = v1369 + v1368
    del v1368, v1369
    v1371 = v1370 + v1367
    del v1367, v1370
    v1372 = v2 * v758
    v1373 = v31 * v764
    v1374 = v1373 + v1372
    del v1372, v1373
    v1375 = v1374 + v1371
    del v1371, v1374
    v1376 = v3 * v779
    v1377 = v32 * v787
    v1378 = v1377 + v1376
    del v1376, v1377
    v1379 = v1378 + v1375
    del v1375, v1378
    v1380 = v14 * v1276
    v1381 = v43 * v1282
    v1382 = v1381 + v1380
    del v1380, v1381
    v1383 = v1382 + v1379
    del v1379, v1382
    v1384 = v83 * v1250
    del v83
    v1385 = v27 * v233
    del v233
    v1386 = v26 * v36
    v1387 = v1386 + v1385
    del v1385, v1386
    v1388 = v1384 + v1387
    del v1384, v1387
    v1389 = 2.0 * v1388
    v1390 = v1255 + v1389
    v1391 = 2.0 * v1390
    del v1390
    v1392 = v15 * v1391
    del v1391
    v1393 = v7 * v26
    del v26
    v1394 = v20 + v1393
    del v20, v1393
    v1395 = v27 * v239
    del v27, v239
    v1396 = v1395 + v1394
    del v1394, v1395
    v1397 = v653 * v1250
    del v653, v1250
    v1398 = v1397 + v1396
    del v1396, v1397
    v1399 = 2.0 * v1398
    v1400 = v1263 + v1399
    v1401 = 2.0 * v1400
    del v1400
    v1402 = v44 * v1401
    del v1401
    v1403 = v1402 + v1392
    del v1392, v1402
    v1404 = v1403 + v1383
    del v1383, v1403
    v1405 = v12 * v1290
    v1406 = v41 * v1296
    v1407 = v1406 + v1405
    del v1405, v1406
    v1408 = v1407 + v1404
    del v1404, v1407
    v1409 = 2.0 * v1284
    del v1284
    v1410 = v1408 - v1409
    del v1408, v1409
    v1411 = v102 * v1290
    v1412 = v101 * v1296
    v1413 = v1412 + v1411
    del v1411, v1412
    v1414 = v64 * v992
    v1415 = v63 * v995
    v1416 = v1415 + v1414
    del v1414, v1415
    v1417 = v1416 + v1413
    del v1413, v1416
    v1418 = v73 * v1328
    v1419 = v72 * v1335
    v1420 = v1419 + v1418
    del v1418, v1419
    v1421 = v1420 + v1417
    del v1417, v1420
    v1422 = v1256 + v1344
    v1423 = 2.0 * v1422
    del v1422
    v1424 = v87 * v1423
    del v1423
    v1425 = v1264 + v1354
    v1426 = 2.0 * v1425
    del v1425
    v1427 = v86 * v1426
    del v1426
    v1428 = v1427 + v1424
    del v1424, v1427
    v1429 = v1428 + v1421
    del v1421, v1428
    v1430 = v6 * v977
    v1431 = v35 * v980
    v1432 = v1431 + v1430
    del v1430, v1431
    v1433 = v1429 - v1432
    del v1429, v1432
    v1434 = v3 * v799
    v1435 = v32 * v805
    v1436 = v1435 + v1434
    del v1434, v1435
    v1437 = v1433 - v1436
    del v1433, v1436
    v1438 = 2.0 * v1276
    v1439 = v13 * v1438
    v1440 = 2.0 * v1282
    v1441 = v42 * v1440
    v1442 = v1441 + v1439
    del v1439, v1441
    v1443 = v1437 - v1442
    del v1437
    v1444 = 2.0 * v1290
    v1445 = v11 * v1444
    v1446 = 2.0 * v1296
    v1447 = v40 * v1446
    v1448 = v1447 + v1445
    del v1445, v1447
    v1449 = v1443 - v1448
    del v1443, v1448
    v1450 = v4 * v992
    v1451 = v33 * v995
    v1452 = v1451 + v1450
    del v1450, v1451
    v1453 = v1449 + v1452
    del v1452
    v1454 = v1 * v832
    v1455 = v30 * v837
    v1456 = v1455 + v1454
    del v1454, v1455
    v1457 = v1456 + v1453
    del v1453, v1456
    v1458 = v11 * v1290
    v1459 = v40 * v1296
    v1460 = v1459 + v1458
    del v1458, v1459
    v1461 = v1460 + v1457
    del v1457, v1460
    v1462 = v10 * v1328
    v1463 = v39 * v1335
    v1464 = v1463 + v1462
    del v1462, v1463
    v1465 = v1464 + v1461
    del v1461
    v1466 = v9 * v1345
    v1467 = v38 * v1355
    v1468 = v1467 + v1466
    del v1466, v1467
    v1469 = v1468 + v1465
    del v1465, v1468
    v1470 = v102 * v1276
    v1471 = v101 * v1282
    v1472 = v1471 + v1470
    del v1470, v1471
    v1473 = v64 * v984
    del v64
    v1474 = v63 * v987
    del v63
    v1475 = v1474 + v1473
    del v1473, v1474
    v1476 = v1475 + v1472
    del v1472, v1475
    v1477 = v1388 + v1256
    del v1256
    v1478 = 2.0 * v1477
    del v1477
    v1479 = v73 * v1478
    del v1478
    v1480 = v1398 + v1264
    del v1264
    v1481 = 2.0 * v1480
    del v1480
    v1482 = v72 * v1481
    del v1481
    v1483 = v1482 + v1479
    del v1479, v1482
    v1484 = v1483 + v1476
    del v1476, v1483
    v1485 = v87 * v1328
    v1486 = v86 * v1335
    v1487 = v1486 + v1485
    del v1485, v1486
    v1488 = v1487 + v1484
    del v1484, v1487
    v1489 = v8 * v977
    v1490 = v37 * v980
    v1491 = v1490 + v1489
    del v1489, v1490
    v1492 = v1488 - v1491
    del v1488, v1491
    v1493 = v3 * v758
    v1494 = v32 * v764
    v1495 = v1494 + v1493
    del v1493, v1494
    v1496 = v1492 - v1495
    del v1492, v1495
    v1497 = v15 * v1438
    v1498 = v44 * v1440
    v1499 = v1498 + v1497
    del v1497, v1498
    v1500 = v1496 - v1499
    del v1496, v1499
    v1501 = v13 * v1444
    v1502 = v42 * v1446
    v1503 = v1502 + v1501
    del v1501, v1502
    v1504 = v1500 - v1503
    del v1500
    v1505 = v7 * v984
    v1506 = v36 * v987
    v1507 = v1506 + v1505
    del v1505, v1506
    v1508 = v1504 + v1507
    del v1507
    v1509 = v2 * v779
    v1510 = v31 * v787
    v1511 = v1510 + v1509
    del v1509, v1510
    v1512 = v1511 + v1508
    del v1508, v1511
    v1513 = v15 * v1276
    v1514 = v44 * v1282
    v1515 = v1514 + v1513
    del v1513, v1514
    v1516 = v1515 + v1512
    del v1512, v1515
    v1517 = v14 * v1389
    v1518 = v43 * v1399
    v1519 = v1518 + v1517
    del v1517, v1518
    v1520 = v1519 + v1516
    del v1516, v1519
    v1521 = v12 * v1328
    v1522 = v41 * v1335
    v1523 = v1522 + v1521
    del v1521, v1522
    v1524 = v1523 + v1520
    del v1520, v1523
    v1525 = v6 * v985
    del v6
    v1526 = v35 * v988
    del v35
    v1527 = v1526 + v1525
    del v1525, v1526
    v1528 = v5 * v977
    del v977
    v1529 = v34 * v980
    del v980
    v1530 = v1529 + v1528
    del v1528, v1529
    v1531 = v1530 + v1527
    del v1527, v1530
    v1532 = v8 * v993
    del v8
    v1533 = v37 * v996
    del v37
    v1534 = v1533 + v1532
    del v1532, v1533
    v1535 = v1534 + v1531
    del v1531, v1534
    v1536 = v1 * v758
    del v758
    v1537 = v30 * v764
    del v764
    v1538 = v1537 + v1536
    del v1536, v1537
    v1539 = v1538 + v1535
    del v1535, v1538
    v1540 = v2 * v799
    del v799
    v1541 = v31 * v805
    del v805
    v1542 = v1541 + v1540
    del v1540, v1541
    v1543 = v1542 + v1539
    del v1539, v1542
    v1544 = v3 * v817
    del v3
    v1545 = v32 * v823
    del v32
    v1546 = v1545 + v1544
    del v1544, v1545
    v1547 = v1546 + v1543
    del v1543, v1546
    v1548 = v12 - v87
    del v87
    v1549 = v1548 * v1438
    del v1438, v1548
    v1550 = v41 - v86
    del v86
    v1551 = v1440 * v1550
    del v1440, v1550
    v1552 = v1549 + v1551
    del v1549, v1551
    v1553 = v1552 + v1547
    del v1547, v1552
    v1554 = v10 - v73
    del v73
    v1555 = v1554 * v1444
    del v1444, v1554
    v1556 = v39 - v72
    del v72
    v1557 = v1446 * v1556
    del v1446, v1556
    v1558 = v1555 + v1557
    del v1555, v1557
    v1559 = v1558 + v1553
    del v1553, v1558
    v1560 = v102 * v1329
    del v102
    v1561 = v101 * v1336
    del v101
    v1562 = v1561 + v1560
    del v1560, v1561
    v1563 = v1562 + v1559
    del v1559, v1562
    v1564 = v1255 + v1388
    del v1255
    v1565 = v1344 + v1564
    del v1564
    v1566 = 4.0 * v1565
    del v1565
    v1567 = v13 * v1566
    del v13, v1566
    v1568 = v1263 + v1398
    del v1263
    v1569 = v1354 + v1568
    del v1568
    v1570 = 4.0 * v1569
    del v1569
    v1571 = v42 * v1570
    del v42, v1570
    v1572 = v1571 + v1567
    del v1567, v1571
    v1573 = v1572 + v1563
    del v1563, v1572
    v1574 = v1442 + v1449
    del v1442, v1449
    v1575 = v5 * v985
    del v985
    v1576 = v34 * v988
    del v988
    v1577 = v1576 + v1575
    del v1575, v1576
    v1578 = v1577 + v1574
    del v1574, v1577
    v1579 = v7 * v992
    del v7, v992
    v1580 = v36 * v995
    del v36, v995
    v1581 = v1580 + v1579
    del v1579, v1580
    v1582 = v1581 + v1578
    del v1578, v1581
    v1583 = v1 * v779
    del v779
    v1584 = v30 * v787
    del v787
    v1585 = v1584 + v1583
    del v1583, v1584
    v1586 = v1585 + v1582
    del v1582, v1585
    v1587 = v2 * v817
    v1588 = v31 * v823
    v1589 = v1588 + v1587
    del v1587, v1588
    v1590 = v1589 + v1586
    del v1586, v1589
    v1591 = v15 * v1290
    del v15, v1290
    v1592 = v44 * v1296
    del v44, v1296
    v1593 = v1592 + v1591
    del v1591, v1592
    v1594 = v1593 + v1590
    del v1590, v1593
    v1595 = v14 * v1328
    del v14
    v1596 = v43 * v1335
    del v43
    v1597 = v1596 + v1595
    del v1595, v1596
    v1598 = v1597 + v1594
    del v1594, v1597
    v1599 = v1389 + v1344
    del v1344, v1389
    v1600 = 2.0 * v1599
    del v1599
    v1601 = v12 * v1600
    del v1600
    v1602 = v1399 + v1354
    del v1354, v1399
    v1603 = 2.0 * v1602
    del v1602
    v1604 = v41 * v1603
    del v1603
    v1605 = v1604 + v1601
    del v1601, v1604
    v1606 = v1605 + v1598
    del v1598, v1605
    v1607 = 2.0 * v1464
    del v1464
    v1608 = v1607 + v1606
    del v1606, v1607
    v1609 = v1503 + v1504
    del v1503, v1504
    v1610 = v4 * v984
    del v4, v984
    v1611 = v33 * v987
    del v33, v987
    v1612 = v1611 + v1610
    del v1610, v1611
    v1613 = v1612 + v1609
    del v1609, v1612
    v1614 = v5 * v993
    del v5, v993
    v1615 = v34 * v996
    del v34, v996
    v1616 = v1615 + v1614
    del v1614, v1615
    v1617 = v1616 + v1613
    del v1613, v1616
    v1618 = v1 * v817
    del v1, v817
    v1619 = v30 * v823
    del v30, v823
    v1620 = v1619 + v1618
    del v1618, v1619
    v1621 = v1620 + v1617
    del v1617, v1620
    v1622 = v2 * v832
    del v2, v832
    v1623 = v31 * v837
    del v31, v837
    v1624 = v1623 + v1622
    del v1622, v1623
    v1625 = v1624 + v1621
    del v1621, v1624
    v1626 = v11 * v1276
    del v11, v1276
    v1627 = v40 * v1282
    del v40, v1282
    v1628 = v1627 + v1626
    del v1626, v1627
    v1629 = v1628 + v1625
    del v1625, v1628
    v1630 = v12 * v1329
    del v12, v1329
    v1631 = v41 * v1336
    del v41, v1336
    v1632 = v1631 + v1630
    del v1630, v1631
    v1633 = v1632 + v1629
    del v1629, v1632
    v1634 = v9 * v1328
    del v9, v1328
    v1635 = v38 * v1335
    del v38, v1335
    v1636 = v1635 + v1634
    del v1634, v1635
    v1637 = v1636 + v1633
    del v1633, v1636
    v1638 = v1388 + v1345
    del v1345, v1388
    v1639 = 2.0 * v1638
    del v1638
    v1640 = v10 * v1639
    del v10, v1639
    v1641 = v1398 + v1355
    del v1355, v1398
    v1642 = 2.0 * v1641
    del v1641
    v1643 = v39 * v1642
    del v39, v1642
    v1644 = v1643 + v1640
    del v1640, v1643
    v1645 = v1644 + v1637
    del v1637, v1644
    return torch.stack((v45, v871, v920, v969, v1221, v1060, v1112, v1249, v1157, v1469, v1645, v1362, v1608, v1573, v1524, v1410,), -2), torch.stack((v29, v51, v68, v259, v107, v676, v172, v161, v527, v354, v700, v724, v468,), -2)
